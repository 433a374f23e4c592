import { randomInt } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    breach: {
      dossier_id: string
      reference: string
      entered_by: string
      known_at: Date
      categories: string[]
      people: number
      records: number
      reported: boolean | null
      reported_at: Date | null
      report_decided_at: Date | null
      report_decided_by: string | null
      people_told: boolean | null
      people_told_at: Date | null
      people_decided_by: string | null
      closed_at: Date | null
    }
  }
}
export type Breach = Selectable<Tables['breach']>

/** What kind of data was concerned, in the words of the register. */
export const categories = {
  contact: 'Names and contact details',
  home: 'Home, landlord and tenancy',
  answers: 'Answers, scores and decisions',
  health: 'What someone needs to take part',
  ethnicity: 'Ethnic group',
  requests: 'Requests, complaints and letters',
  staff: 'Staff accounts',
  other: 'Something else',
} as const

const incident = z.object({
  happened: z.string(),
  effects: z.string(),
  measures: z.string(),
  /** Why the regulator is told, or not; and why later than 72 hours. */
  reportReason: z.string().default(''),
  peopleReason: z.string().default(''),
})
export type Incident = z.output<typeof incident>

const clockHours = 72
/** Hours before the end of the clock from which it is an alarm. */
const alarmHours = 24
const hour = 60 * 60_000
const keptYears = 6

/** The instant by which the regulator is told: 72 hours after we knew (Art 33(1)), weekends and holidays included. */
export function reportDue(one: Pick<Breach, 'known_at'>): Date {
  return new Date(one.known_at.getTime() + clockHours * hour)
}

/** Enters a breach: what happened is sealed in a dossier of its own. Returns its id. */
export async function enterBreach(
  tx: Tx,
  house: House,
  by: Actor,
  found: {
    knownAt: Date
    categories: readonly string[]
    people: number
    records: number
    words: Pick<Incident, 'happened' | 'effects' | 'measures'>
  },
): Promise<string> {
  const now = house.clock.now()
  const id = await house.vault.begin(tx, by, 'case', addMonths(londonDate(now), 12 * (keptYears + 1)))
  const words: Incident = { ...found.words, reportReason: '', peopleReason: '' }
  await house.vault.put(tx, by, 'case', id, { incident: JSON.stringify(words) })
  await tx
    .insertInto('breach')
    .values({
      dossier_id: id,
      reference: `BR-${String(randomInt(1_000_000)).padStart(6, '0')}`,
      entered_by: by.id,
      known_at: found.knownAt,
      categories: [...found.categories],
      people: found.people,
      records: found.records,
      reported: null,
      reported_at: null,
      report_decided_at: null,
      report_decided_by: null,
      people_told: null,
      people_told_at: null,
      people_decided_by: null,
      closed_at: null,
    })
    .execute()
  await note(tx, house, by, 'breach entered', id)
  return id
}

/** Every breach, those that are open first, by when the regulator is to be told. */
export async function breaches(tx: Tx): Promise<Breach[]> {
  const rows = await tx.selectFrom('breach').selectAll().orderBy('known_at', 'desc').execute()
  return rows.sort((a, b) => Number(a.closed_at !== null) - Number(b.closed_at !== null))
}

/** One breach with its words; undefined when there is none. */
export async function breachById(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
): Promise<{ one: Breach; words: Incident } | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  const one = await tx.selectFrom('breach').selectAll().where('dossier_id', '=', id).executeTakeFirst()
  if (!one) return undefined
  return { one, words: await wordsOf(tx, house, by, id) }
}

/** The sealed words of a breach. */
export async function wordsOf(tx: Tx, house: House, by: Actor, id: string): Promise<Incident> {
  const ask = { by, for: 'exercise rights', fields: ['incident'], related: [id] } as const
  const [opened] = await house.vault.open(tx, 'case', ask, [id])
  return incident.parse(JSON.parse(opened?.incident ?? '{"happened":"","effects":"","measures":""}'))
}

/**
 * Decides whether the regulator is told, with the reason; when it was told, at what instant. What was decided can be
 * decided anew until the breach is closed: more may come to light. Returns why not, in a sentence.
 */
export async function decideReport(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  decided: { reported: boolean; at?: Date; reason: string },
): Promise<string | undefined> {
  const found = await breachById(tx, house, by, id)
  if (!found || found.one.closed_at) return 'It is closed'
  const now = house.clock.now()
  const at = decided.reported ? (decided.at ?? now) : null
  if (at && at > now) return 'The time it was reported must not be in the future'
  if (!decided.reported && !decided.reason) return 'Enter why the regulator need not be told'
  if (at && at > reportDue(found.one) && !decided.reason) return 'Enter why it was reported later than 72 hours'
  const set = {
    reported: decided.reported,
    reported_at: at,
    report_decided_at: now,
    report_decided_by: by.id,
  }
  await tx.updateTable('breach').set(set).where('dossier_id', '=', id).execute()
  await keep(tx, house, by, id, { ...found.words, reportReason: decided.reason })
  await note(tx, house, by, decided.reported ? 'breach reported' : 'breach not reported', id)
  return undefined
}

/** Decides whether the people concerned are told (Art 34), with the reason. Returns why not, in a sentence. */
export async function decidePeople(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  decided: { told: boolean; reason: string },
): Promise<string | undefined> {
  const found = await breachById(tx, house, by, id)
  if (!found || found.one.closed_at) return 'It is closed'
  if (!decided.reason) return 'Enter the reason: how high the risk to people is, and why'
  const set = {
    people_told: decided.told,
    people_told_at: decided.told ? house.clock.now() : null,
    people_decided_by: by.id,
  }
  await tx.updateTable('breach').set(set).where('dossier_id', '=', id).execute()
  await keep(tx, house, by, id, { ...found.words, peopleReason: decided.reason })
  await note(tx, house, by, decided.told ? 'people told of a breach' : 'people not told of a breach', id)
  return undefined
}

/** Puts right what is known of a breach while it is open. */
export async function changeBreach(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  counts: { people: number; records: number },
  words: Pick<Incident, 'happened' | 'effects' | 'measures'>,
): Promise<string | undefined> {
  const found = await breachById(tx, house, by, id)
  if (!found || found.one.closed_at) return 'It is closed'
  await tx.updateTable('breach').set(counts).where('dossier_id', '=', id).execute()
  await keep(tx, house, by, id, { ...found.words, ...words })
  await note(tx, house, by, 'breach described anew', id)
  return undefined
}

/** Closes a breach once both decisions are taken and it says what was done. Returns why not, in a sentence. */
export async function closeBreach(tx: Tx, house: House, by: Actor, id: string): Promise<string | undefined> {
  const found = await breachById(tx, house, by, id)
  if (!found || found.one.closed_at) return 'It is closed'
  if (found.one.reported === null) return 'Decide first whether the regulator is told'
  if (found.one.people_told === null) return 'Decide first whether the people concerned are told'
  if (!found.words.measures) return 'Enter first what was done about it'
  const at = house.clock.now()
  await tx.updateTable('breach').set({ closed_at: at }).where('dossier_id', '=', id).execute()
  await house.vault.moveExpiry(tx, by, [id], addMonths(londonDate(at), 12 * keptYears), 'breach closed')
  await note(tx, house, by, 'breach closed', id)
  return undefined
}

/** What a breach asks of the desk now; undefined when it is closed. */
export function breachToday(one: Breach, now: Date): { isAlarm: boolean; says: string } | undefined {
  if (one.closed_at) return undefined
  const due = reportDue(one)
  if (one.reported === null) {
    if (now > due)
      return { isAlarm: true, says: `the 72 hours ended at ${sayInstant(due)}: report it now, and say why it is late` }
    const isAlarm = due.getTime() - now.getTime() <= alarmHours * hour
    return { isAlarm, says: `decide by ${sayInstant(due)} whether the regulator is told` }
  }
  if (one.people_told === null) return { isAlarm: false, says: 'decide whether the people concerned are told' }
  return { isAlarm: false, says: 'say what was done, and close it' }
}

function keep(tx: Tx, house: House, by: Actor, id: string, words: Incident): Promise<void> {
  return house.vault.put(tx, by, 'case', id, { incident: JSON.stringify(words) })
}

function note(tx: Tx, house: House, by: Actor, act: string, subject: string): Promise<void> {
  const role = by.roles[0] ?? 'system'
  return record(tx, { actor: by.id, role, purpose: 'exercise rights', act, subject, at: house.clock.now() })
}
