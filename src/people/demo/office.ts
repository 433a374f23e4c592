import { accept, offerPlaces } from '#src/panel/membership/offers/offers.ts'
import { interests, times } from '#src/panel/membership/own/options.ts'
import { importApplicants } from '#src/panel/recruitment/import/import.ts'
import type { Applicant } from '#src/panel/recruitment/import/read.ts'
import { codesOf } from '#src/panel/recruitment/options.ts'
import { questionsOf } from '#src/panel/recruitment/round.ts'
import type { RoundPlan } from '#src/panel/recruitment/rounds/plan.ts'
import { answersValue, codesValue } from '#src/panel/recruitment/values.ts'
import { decide } from '#src/panel/review/deciding/decide.ts'
import { addDays, addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, startOfDay } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { crowd } from './crowd.ts'
import { demoRound } from './round.ts'

const by = system('demo')

/** Members whom anyone can be in the demo: invented, each with a story. */
export const members = [
  {
    name: 'Gwen Pritchard',
    email: 'gwen@residents.example',
    area: 'E06000023',
    landlord: 'Harrow Wood Housing Association',
    tenancy: 'association-tenant',
    ageRange: '55-64',
    gender: 'woman',
    answer: 'I keep the minutes of our estate forum, and I read the ones that others keep.',
  },
  {
    name: 'Hassan Yusuf',
    email: 'hassan@residents.example',
    area: 'E08000032',
    landlord: 'Brightwater Housing Association',
    tenancy: 'association-tenant',
    ageRange: '35-44',
    gender: 'man',
    answer: 'I drive a night bus. I can say what a service feels like when it only answers in office hours.',
  },
] as const

/** A panel in office: recruited last year in a round of its own, offered its places, and begun nine months ago. */
export async function seatPanel(
  tx: Tx,
  house: House,
  seated: number,
  { landlords, questions }: { landlords: readonly string[]; questions: RoundPlan['questions'] },
): Promise<void> {
  const today = londonDate(house.clock.now())
  const starts = addMonths(today, -9)
  const closed = addMonths(starts, -2)
  const on = (day: string): House => ({ ...house, clock: { now: () => startOfDay(day) } })
  const open = on(addDays(closed, -14))
  const round = await demoRound(tx, open, {
    name: 'Resident Panel, the panel in office',
    opens: addDays(closed, -30),
    closes: closed,
    termStartsOn: starts,
    targetSize: seated,
    reserveSize: 4,
    questions,
  })
  const asked = await questionsOf(tx, round.id)
  const people = [...members.map(one => applicantOf(one, asked[0]?.id)), ...crowd(seated, asked, landlords)]
  const ids = await importApplicants(tx, open, by, round, people.slice(0, seated), { receipts: false })
  await decide(tx, on(addDays(closed, 14)), by, ids, 'eligible', { code: 'officer' })
  await offerPlaces(tx, on(addDays(closed, 21)), by, round, ids)
  for (const one of ids) await accept(tx, on(addDays(closed, 24)), by, one)
  await house.vault.putMany(
    tx,
    by,
    'panel',
    ids.map((id, at) => ({ id, values: likesOf(at) })),
  )
  // They were written to then: nothing of it goes out now.
  await tx
    .updateTable('message')
    .set({ state: 'sent', sent_at: startOfDay(addDays(closed, 24)) })
    .where('dossier_id', 'in', ids)
    .execute()
}

/** What someone likes, by their turn: most have said so, in all kinds of ways. */
function likesOf(at: number): { times?: string; interests?: string } {
  if (at % 5 === 2) return {}
  const some = (codes: readonly string[], step: number) =>
    codesValue.write(codes.filter((_, i) => (i + at) % step === 0))
  return { times: some(codesOf(times), 2), interests: some(codesOf(interests), 3) }
}

function applicantOf({ answer, ...person }: (typeof members)[number], question: string | undefined): Applicant {
  return {
    values: {
      ...person,
      channel: 'email',
      answers: answersValue.write(question ? { [question]: answer } : {}),
    },
    receivedOn: undefined,
    landlordUnlisted: false,
    markedSpecial: false,
  }
}
