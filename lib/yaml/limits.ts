/** What a YAML source may cost. Beyond it a typed error stands, long before memory or time run out. */
export const YAML_LIMITS = {
  /** Bytes of one source. Bundles of CRDs reach 5 MB. */
  bytes: 16 * 1024 * 1024,
  /** UTF-16 units of one token. The API server reads no request above 3 MiB. */
  scalar: 4 * 1024 * 1024,
  /** Collections inside one another. The parser's own recursion ends at about 770. */
  depth: 300,
  /** Tokens of one source: about ten per line. */
  tokens: 3_000_000,
  /** Documents of one source. */
  documents: 20_000,
} as const;

/**
 * Whether aliases have multiplied a document beyond measure: the rule of go-yaml v2 (decode.go, allowedAliasRatio), so that what
 * kubectl reads is read here too. 99 % of up to 400,000 nodes may come from aliases, falling to 10 % at 4,000,000.
 */
export function excessiveAliasing(nodes: number, fromAliases: number): boolean {
  if (fromAliases <= 100 || nodes <= 1000) return false;
  const low = 400_000;
  const high = 4_000_000;
  const allowed = nodes <= low ? 0.99 : nodes >= high ? 0.1 : 0.99 - 0.89 * ((nodes - low) / (high - low));
  return fromAliases / nodes > allowed;
}
