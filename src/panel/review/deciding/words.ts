import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { asReview } from '../as-system.ts'

const self = system('review')

/** Adds what was written about a decision to the record of each person, a line a decision: nothing is overwritten. */
export async function addWords(
  tx: Tx,
  house: House,
  by: Actor,
  ids: readonly string[],
  at: Date,
  words: string,
): Promise<void> {
  const held = await wordsOf(tx, house, ids)
  const line = lineOf(at, words)
  const values = (id: string) => ({ decisionReason: held.get(id) ? `${held.get(id)}\n${line}` : line })
  await house.vault.putMany(
    tx,
    by,
    'panel',
    ids.map(id => ({ id, values: values(id) })),
  )
}

/** Takes the words of a decision that was not confirmed out of the records again. */
export async function dropWords(tx: Tx, house: House, by: Actor, ids: readonly string[], at: Date): Promise<void> {
  const rest = [...(await wordsOf(tx, house, ids))].flatMap(([id, text]) => {
    const lines = text.split('\n')
    const own = lines.findLastIndex(line => line.startsWith(beginOf(at)))
    const kept = lines.filter((_, place) => place !== own).join('\n')
    return own < 0 ? [] : [{ id, values: { decisionReason: kept || undefined } }]
  })
  if (rest.length) await house.vault.putMany(tx, by, 'panel', rest)
}

/** What was written about the decisions on each of these people, a line each. */
export async function wordsOf(tx: Tx, house: House, ids: readonly string[]): Promise<Map<string, string>> {
  const opened = await asReview(tx, () =>
    house.vault.open(tx, 'panel', { by: self, for: 'administer the panel', fields: ['decisionReason'] }, ids),
  )
  return new Map(opened.flatMap(one => (one.decisionReason ? [[one.id, one.decisionReason] as const] : [])))
}

/** The words that were written at that instant. */
export function wordsAt(text: string | undefined, at: Date): string | undefined {
  const begin = beginOf(at)
  return text
    ?.split('\n')
    .find(line => line.startsWith(begin))
    ?.slice(begin.length)
}

function lineOf(at: Date, words: string): string {
  return beginOf(at) + words.replace(/\s+/g, ' ')
}

function beginOf(at: Date): string {
  return `${sayInstant(at)}: `
}
