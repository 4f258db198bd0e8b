import type { Finding } from '../../../private/service-validation';

/** What data streams and indices may be called (elastic/elasticsearch, MetadataCreateIndexService.java); "logs-*" is taken by a template of Elasticsearch. */
export function prefixFindings(prefix: string): Finding[] {
  if (/^[a-z][a-z0-9]{0,30}$/.test(prefix) && prefix !== 'logs' && prefix !== 'metrics') return [];
  return [
    {
      code: 'ORR2003',
      what: `${JSON.stringify(prefix)} is no prefix for data streams.`,
      fix: 'Use lower-case letters and digits, not "logs" or "metrics", of which Elasticsearch has templates of its own.',
    },
  ];
}
