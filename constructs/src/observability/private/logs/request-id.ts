import { REQUEST_ID } from '../request-id-field';

/** What ids are made of: UUIDs, hexadecimal and ULIDs, not a lone "-", which stands for none. */
const ID = '[0-9A-Za-z][0-9A-Za-z_.-]{7,127}';

/**
 * The same pattern for every collector: Fluent Bit and Logstash both read Oniguruma. Finds the id of a request in a line, as the group `request_id`: after the header's name, also as loggers write it (JSON, logfmt, camel case or underscores for dashes), after "request_id" (Istio's access log in JSON), or
 * where Envoy's default access log has it, between user agent and authority (istio.io/latest/docs/tasks/observability/logs/access-log).
 * @param header lower case
 */
export function requestIdPattern(header: string): string {
  const words = header.split('-');
  const names = new Set([words.join('[-_]?'), ...(header === 'x-request-id' ? ['request[-_]?id'] : [])]);
  const named = `(?i:\\b(?:${[...names].join('|')}))["']?\\s*[:=]\\s*["']?`;
  const inAccessLog = '^\\[[^\\]]*\\] "[^"]*" \\d{3} (?:[^" ]+ ){1,3}"[^"]*" (?:[^" ]+ ){4}"[^"]*" "[^"]*" "';
  return `(?:${named}|${inAccessLog})(?<${REQUEST_ID}>${ID})`;
}
