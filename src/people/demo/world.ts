import { tell } from '#src/panel/correspondence/tell.ts'
import { applicationOf, begin, saveAnswers, send } from '#src/panel/recruitment/application.ts'
import { importApplicants } from '#src/panel/recruitment/import/import.ts'
import { replaceLandlords } from '#src/panel/recruitment/landlords/landlords.ts'
import { questionsOf, type Round } from '#src/panel/recruitment/round.ts'
import { adjustmentsValue, answersValue } from '#src/panel/recruitment/values.ts'
import { addDays, addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, startOfDay } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import type { Role } from '#src/promises/notice/purposes.ts'
import { approvePolicy } from '#src/promises/publishing/policy.ts'
import { activate, approve, draftInHand } from '#src/promises/publishing/version.ts'
import { invite } from '../staff/accounts.ts'
import { crowd } from './crowd.ts'
import { landlords, questions } from './ground.ts'
import { seatPanel } from './office.ts'
import { demoRound } from './round.ts'

const by = system('demo')

const staff: { name: string; email: string; roles: Role[] }[] = [
  { name: 'Grace Adeyemi', email: 'grace@panel.example', roles: ['officer'] },
  { name: 'Omar Haddad', email: 'omar@panel.example', roles: ['officer', 'reviewer'] },
  { name: 'Priya Nair', email: 'priya@panel.example', roles: ['reviewer'] },
  { name: 'Sean Doyle', email: 'sean@panel.example', roles: ['reviewer'] },
  { name: 'Mina Rahman', email: 'mina@panel.example', roles: ['reviewer'] },
  { name: 'Lucy Hart', email: 'lucy@panel.example', roles: ['reviewer'] },
  { name: 'Joe Bright', email: 'joe@panel.example', roles: ['reviewer'] },
  { name: 'Tom Ellis', email: 'tom@panel.example', roles: ['adjustments lead', 'communications'] },
  { name: 'Ruth Fenn', email: 'ruth@panel.example', roles: ['analyst'] },
  { name: 'Dorothy Blake', email: 'dorothy@panel.example', roles: ['dpo'] },
  { name: 'Nadia Brook', email: 'nadia@panel.example', roles: ['dpo'] },
  { name: 'Alex Kim', email: 'alex@panel.example', roles: ['administrator'] },
]

/** People who have applied: invented, each with a story. */
export const residents = [
  {
    name: 'Amina Okafor',
    email: 'amina@residents.example',
    area: 'E08000003',
    landlord: 'Northgate Homes',
    tenancy: 'association-tenant',
    age: '35-44',
    gender: 'woman',
    answer:
      'I chair our block’s residents’ meeting and have learned to get repairs onto the agenda and keep them there.',
  },
  {
    name: 'Barry Whitlock',
    email: 'barry@residents.example',
    area: 'E06000001',
    landlord: 'Alder Vale Homes',
    tenancy: 'council-tenant',
    age: '65-74',
    gender: 'man',
    answer: 'Forty years a tenant. I know what a good caretaker does for a place, and what happens when there is none.',
  },
  {
    name: 'Chloe Marsh',
    email: 'chloe@residents.example',
    area: 'E09000022',
    landlord: 'Juniper Housing Group',
    tenancy: 'shared-owner',
    age: '25-34',
    gender: 'woman',
    answer:
      'As a shared owner I pay service charges that nobody would explain, so I taught myself to read the accounts.',
  },
  {
    name: 'Dev Patel',
    email: 'dev@residents.example',
    area: 'E06000016',
    landlord: 'Greenacre Housing Trust',
    tenancy: 'association-tenant',
    age: '45-54',
    gender: 'man',
    answer: 'I translate letters for neighbours and see which words make people give up.',
  },
  {
    name: 'Eileen Roper',
    phone: '01632 960 044',
    area: 'E06000052',
    landlord: 'Kestrel Housing',
    tenancy: 'association-tenant',
    age: '75-and-over',
    gender: 'woman',
    answer: 'I do not use a computer but I read every letter twice. Somebody should.',
  },
  {
    name: 'Femi Balogun',
    email: 'femi@residents.example',
    area: 'E08000025',
    landlord: 'Eastmoor Homes',
    tenancy: 'association-tenant',
    age: '18-24',
    gender: 'non-binary',
    answer: 'First home of my own. I filmed the damp survey for my landlord’s training because theirs was out of date.',
  },
] as const

/**
 * Fills an empty demo with a small believable world: staff, landlords, a notice in force, an open round with some
 * applications, a round that closed ten days ago with `closed` applications to review, and a panel of `seated` in office.
 */
export async function fillDemo(house: House, { closed = 0, seated = 0 } = {}): Promise<void> {
  const empty = await within(
    house,
    { by, for: 'keep the service safe' },
    async tx => !(await tx.selectFrom('staff').select('dossier_id').executeTakeFirst()),
  )
  if (!empty) return
  await within(house, { by, for: 'administer the panel' }, async tx => {
    for (const person of staff) await invite(tx, house, by, { ...person, demo: true })
    await approvePolicy(tx, house, by, {
      review_by: addMonths(londonDate(house.clock.now()), 11),
      adjustments_condition: 'sch1-para6',
      lapse_ground: 'equality-act-s20',
    })
    await replaceLandlords(tx, house, by, landlords)
    await approve(tx, house, by, await draftInHand(tx, house, by), londonDate(house.clock.now()))
    await activate(tx, house, by)
    if (seated) await seatPanel(tx, house, seated, { landlords, questions })
    if (closed) await fillClosedRound(tx, house, closed)
    const today = londonDate(house.clock.now())
    const round = await demoRound(tx, house, {
      name: 'Resident Panel, demonstration round',
      opens: addDays(today, -7),
      closes: addDays(today, 42),
      termStartsOn: addMonths(today, 4),
      targetSize: 600,
      reserveSize: 60,
      questions,
    })
    for (const person of residents) await apply(tx, house, round, person)
  })
}

/** The round before: as if it had been opened five weeks ago, and had filled up since. */
async function fillClosedRound(tx: Tx, house: House, count: number): Promise<void> {
  const today = londonDate(house.clock.now())
  const then = { ...house, clock: { now: () => startOfDay(addDays(today, -20)) } }
  const round = await demoRound(tx, then, {
    name: 'Resident Panel, the round that has just closed',
    opens: addDays(today, -38),
    closes: addDays(today, -10),
    termStartsOn: addMonths(today, 2),
    targetSize: 30,
    reserveSize: 8,
    questions,
  })
  await importApplicants(tx, then, by, round, crowd(count, await questionsOf(tx, round.id), landlords))
}

async function apply(tx: Tx, house: House, round: Round, person: (typeof residents)[number]): Promise<void> {
  const via = 'phone' in person ? 'phone' : 'web'
  const id = await begin(
    tx,
    house,
    by,
    round,
    { version: 1, how: via === 'phone' ? 'read out by phone' : 'shown on screen' },
    { via },
  )
  const application = await applicationOf(tx, id)
  const [question] = await questionsOf(tx, round.id)
  if (!application || !question) throw new Error('The demo application was not made.')
  await saveAnswers(tx, house, by, application, 'name', {
    name: person.name,
    channel: 'email' in person ? 'email' : 'phone',
    ...('email' in person ? { email: person.email } : { phone: person.phone }),
    landlord: person.landlord,
    tenancy: person.tenancy,
    area: person.area,
    ageRange: person.age,
    gender: person.gender,
    answers: answersValue.write({ [question.id]: person.answer }),
    ...(person.name === 'Eileen Roper'
      ? { adjustments: adjustmentsValue.write({ ticked: ['phone-in', 'large-print'], words: '' }) }
      : {}),
  })
  await send(tx, house, by, { ...application, pagesDone: ['name', 'contact', 'landlord', 'area'] }, round)
  if (!('email' in person)) return
  await tell(tx, house, by, id, 'confirm address', { another: false })
}
