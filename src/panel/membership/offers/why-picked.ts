import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { addWords, dropWords, wordsAt, wordsOf } from '../../review/deciding/words.ts'

/** Why people were picked by hand: a line in each one's record, at the instant they were proposed. */
export function noteWhy(
  tx: Tx,
  house: House,
  by: Actor,
  people: readonly string[],
  at: Date,
  because: string,
): Promise<void> {
  return addWords(tx, house, by, people, at, `Picked by hand: ${because}`)
}

/** Why these people were picked, as it was written. */
export async function whyPicked(
  tx: Tx,
  house: House,
  people: readonly string[],
  at: Date,
): Promise<string | undefined> {
  const held = await wordsOf(tx, house, people)
  return people.map(id => wordsAt(held.get(id), at)).find(words => words !== undefined)
}

/** Takes it out of their records again: nothing came of it. */
export function forgetWhy(tx: Tx, house: House, by: Actor, people: readonly string[], at: Date): Promise<void> {
  return dropWords(tx, house, by, people, at)
}
