/** Construct paths name places in a tree: "mall/cart/Deployment" is below "mall/cart". */

/** Whether a construct is another one or stands below it. */
export function isAtOrBelow(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}/`);
}

/** What is said of the nearest construct at or above a path. */
export function nearest<T>(byPath: ReadonlyMap<string, T>, path: string): T | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const found = byPath.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}
