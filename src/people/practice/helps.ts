import { accept, decline, offersOf } from '#src/panel/membership/offers/offers.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { declareInterests } from '#src/panel/review/declare.ts'
import { queueOf } from '#src/panel/review/reading.ts'
import { score } from '#src/panel/review/score.ts'
import { readersOf, reviewOf } from '#src/panel/review/setup.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { colleaguesIn } from './colleagues.ts'

const desk = { by: system('practice'), for: 'administer the panel' } as const

/** The invented reviewers read what is left and score it, most of it suitable. Returns how many answers they scored. */
export async function finishReading(house: House): Promise<number> {
  let scored = 0
  for (const { reader, round } of await readersAtWork(house)) {
    await declareInterests(house, reader, round, { landlords: [], areas: [] })
    // What one reader finishes can ask for another reading: by the same one, or by the next.
    for (let left = await leftFor(house, reader, round); left.length; left = await leftFor(house, reader, round))
      for (const { reading, question } of left) {
        const why = await score(house, reader, reading, question, scores[scored % scores.length] ?? 3, '')
        if (why) return scored
        scored++
      }
  }
  return scored + ((await readersAtWork(house)).length && scored ? await finishReading(house) : 0)
}

/** Every invented person who was offered a place answers: one in six declines. Returns how many answered. */
export async function answerOffers(house: House): Promise<number> {
  return within(house, desk, async tx => {
    let answered = 0
    for (const round of await rounds(tx))
      for (const offer of (await offersOf(tx, round.id)).filter(one => one.state === 'offered')) {
        if (answered % 6 === 5) await decline(tx, house, desk.by, offer.dossier_id, '')
        else await accept(tx, house, desk.by, offer.dossier_id)
        answered++
      }
    return answered
  })
}

const scores = [3, 3, 3, 2, 3, 3, 3, 3, 1, 3, 3, 2]

/** Reviewers who have answers left to read, with the round. */
async function readersAtWork(house: House): Promise<{ reader: Actor; round: string }[]> {
  return within(house, desk, async tx => {
    const found: { reader: Actor; round: string }[] = []
    const colleagues = await colleaguesIn(tx, house)
    for (const round of await rounds(tx)) {
      const review = await reviewOf(tx, round.id)
      if (!review?.opened_at) continue
      const reading = new Set((await readersOf(tx, round.id)).map(one => one.reader))
      for (const reader of colleagues.filter(one => reading.has(one.id)))
        if ((await queueOf(tx, reader, review)).some(one => !one.done)) found.push({ reader, round: round.id })
    }
    return found
  })
}

async function leftFor(house: House, reader: Actor, round: string) {
  return within(house, desk, async tx => {
    const review = await reviewOf(tx, round)
    return review ? (await queueOf(tx, reader, review)).filter(one => !one.done) : []
  })
}
