import type { Tx } from '#src/platform/database/database.ts'
import { findLandlords, landlordNamed } from '../recruitment/landlords/landlords.ts'

const MOST_SHOWN = 5

/** Landlords as someone typed them, a line each: as they stand in the list, and a sentence for each that does not. */
export async function matchLandlords(
  tx: Tx,
  lines: readonly string[],
): Promise<{ names: string[]; unknown: string[] }> {
  const names: string[] = []
  const unknown: string[] = []
  for (const line of new Set(lines.map(one => one.trim().slice(0, 150)).filter(Boolean))) {
    const exact = await landlordNamed(tx, line)
    names.push(exact ?? line)
    if (exact) continue
    const like = (await findLandlords(tx, line)).slice(0, MOST_SHOWN)
    unknown.push(
      like.length
        ? `“${line}” is not in the list of landlords. Did you mean ${like.join(', or ')}?`
        : `“${line}” is not in the list of landlords: check how it is spelt.`,
    )
  }
  return { names, unknown }
}
