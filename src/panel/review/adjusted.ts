/** One reading's score of an application by a reader. */
export interface Given {
  application: string
  reader: string
  score: number
}

const ROUNDS = 500
const ENOUGH = 1e-10
/** Means closer than this are equal. */
const TIE = 1e-6

/**
 * What each application's mean would be if every reader were equally strict: the additive model score = application +
 * reader, fitted by least squares (two-way analysis of variance, by turns: Gauss-Seidel), readers' differences adding to
 * zero. Means something only where readers share applications; for information, never a decision.
 */
export function adjustedMeans(given: readonly Given[]): Map<string, number> {
  const applications = Map.groupBy(given, one => one.application)
  const readers = Map.groupBy(given, one => one.reader)
  const strictness = new Map<string, number>()
  let means = new Map<string, number>()
  for (let round = 0; round < ROUNDS; round++) {
    const next = mapOf(applications, own => mean(own.map(one => one.score - (strictness.get(one.reader) ?? 0))))
    const moved = Math.max(0, ...[...next].map(([id, value]) => Math.abs(value - (means.get(id) ?? Infinity))))
    means = next
    if (moved < ENOUGH) break
    const fitted = mapOf(readers, own => mean(own.map(one => one.score - (next.get(one.application) ?? 0))))
    const middle = mean([...fitted.values()])
    for (const [reader, value] of fitted) strictness.set(reader, value - middle)
  }
  return means
}

/** Places from 1, best first; equals share a place. */
export function ranks(values: ReadonlyMap<string, number>): Map<string, number> {
  const places = new Map<string, number>()
  let above = { value: Infinity, place: 0 }
  const inOrder = [...values].sort(([, one], [, other]) => other - one)
  for (const [at, [id, value]] of inOrder.entries()) {
    if (above.value - value > TIE) above = { value, place: at + 1 }
    places.set(id, above.place)
  }
  return places
}

function mapOf(all: Map<string, Given[]>, value: (own: Given[]) => number): Map<string, number> {
  return new Map([...all].map(([id, own]) => [id, value(own)]))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length
}
