/** Fields of an object whose shape nobody has checked. */
export type Fields = Record<string, unknown>;

/** A map as it is; anything else as an empty one. */
export function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The members of a list that are maps. */
export function list(value: unknown): readonly Fields[] {
  return Array.isArray(value)
    ? value.filter((item): item is Fields => typeof item === 'object' && item !== null && !Array.isArray(item))
    : [];
}

/** A member of a map that is its own: keys are other people's, and "constructor" or "toString" is what every object of JavaScript has. */
export function ownMember<T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}
