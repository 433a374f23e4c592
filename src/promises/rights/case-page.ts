import type { FastifyReply, FastifyRequest } from 'fastify'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { keptFrom } from '../disclosures/visible.ts'
import type { House } from '../house.ts'
import { everyField, ruleOf } from '../notice/datamap.ts'
import { stoppable } from '../retention/stopped.ts'
import { byItself } from './act.ts'
import { draftLetter } from './answer.ts'
import type { Case } from './cases.ts'
import { outcomes } from './complaints.ts'
import { saysOf } from './copy.ts'
import { atDesk, caseAt, casesPath, crumbs, type Rooms, type Standing, staffOf, view } from './desk.ts'
import { givenOf } from './giving/given.ts'
import { givesCopy } from './giving/ready.ts'
import { exceptionsFor, grounds, suggestedGround } from './grounds.ts'
import { setAside } from './lifting.ts'
import { dueOf, nextStep, stageOf, stoppedSince } from './next.ts'
import { noticesOf, toldOn } from './recipients.ts'
import { type Decision, decisions, eightRights, matters, propose } from './rights.ts'
import { aloneFrom } from './second.ts'
import { asksAs } from './stands.ts'
import { reasoning, touched } from './truth.ts'
import { sayWhen } from './when.ts'

/** Shows one case; a route that refuses a step shows it again with what was typed. */
export type ShowCase = (request: FastifyRequest, reply: FastifyReply, id: string, more?: object) => Promise<unknown>

const items = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, text]) => ({ value, text }))
export const sayField = (field: string) => ruleOf('panel', field)?.says ?? field

/** The page of one case: what is known, what is next with its form, and what was done. */
export function casePage(house: House, rooms: Rooms): ShowCase {
  return async (request, reply, id, more = {}) => {
    const { one, requester, account, record, told, given } = await atDesk(house, request, async (tx, by) => {
      const held = await caseAt(tx, house, by, id)
      const told = (await noticesOf(tx, id)).flatMap(each => (each.told_at ? [each.recipient] : []))
      const given = await givenOf(tx, id)
      return { ...held, told, given, record: await recordOf(tx, house, held.one, rooms) }
    })
    const due = dueOf(one)
    const now = house.clock.now()
    const from = aloneFrom(one)
    const stands = stoppedSince(one)
    const proposal = propose(one.matter, record.standing)
    return reply.page(view('case'), {
      title: `${one.reference}: ${matters[one.matter].says}`,
      crumbs,
      id,
      one,
      requester,
      account,
      record,
      values: {},
      stage: stageOf(one),
      next: nextStep(one),
      received: sayWhen(one.received_at),
      due: sayDate(due.due),
      noticeBy: due.notice_by && sayDate(due.notice_by),
      steps: due.steps.map(sayDates),
      stands: stands && { ...stands, on: sayDate(stands.on) },
      proposal,
      reasoning: reasoning(one.matter, touched(record.fields, record.kept.length > 0)),
      decisions: items(wordsFor(one)),
      decided: one.decision && wordsFor(one)[one.decision],
      grounds: items(grounds[one.matter] ?? {}),
      suggestedGround: suggestedGround(one.matter),
      exceptions: items(exceptionsFor(one.matter)),
      parts: partsOf(one, record.fields),
      ground: grounds[one.matter]?.[account.ground],
      exception: exceptionsFor(one.matter)[account.exception],
      part: account.part.map(part => (one.matter === 'objection' ? saysOf(part) : sayField(part))),
      byItself: byItself(one, account.part),
      sorts: [...eightRights, 'complaint' as const].map(value => ({ value, text: matters[value].says })),
      asksAs: items(asksAs),
      letter: account.letter || draftLetter(one, requester.name, account, { sayField, recipients: told }),
      ownDecision: one.matter === 'erasure' && one.decided_by === staffOf(request).id,
      aloneFrom: from && sayInstant(from),
      mayBeAlone: from !== undefined && from <= now,
      tellsOthers: toldOn.has(one.matter) && one.carried_out_at !== null,
      givesCopy: givesCopy(one),
      given: given && { made: sayInstant(given.made_at), taken: given.handed_at && sayInstant(given.handed_at) },
      notes: account.notes.map(each => ({ ...each, at: sayInstant(new Date(each.at)) })),
      letters: account.letters.map((each, number) => ({ ...each, number, at: sayInstant(new Date(each.at)) })),
      byEmail: requester.reach.includes('@'),
      setAside: setAside(one),
      lifts: one.told_at && sayDate(addDays(londonDate(one.told_at), 1)),
      today: londonDate(now),
      path: `${casesPath}/${id}`,
      ...more,
    })
  }
}

export interface RecordOfCase {
  state: 'alive' | 'gone' | undefined
  restricted: boolean
  standing: Standing | undefined
  /** Names of the fields that it holds: nothing is opened for them. */
  fields: string[]
  kept: { id: string; reference: string; why: string }[]
}

async function recordOf(tx: Tx, house: House, one: Case, rooms: Rooms): Promise<RecordOfCase> {
  const { subject } = one
  if (!subject) return { state: undefined, restricted: false, standing: undefined, fields: [], kept: [] }
  const living = await house.vault.record(subject)
  const rows = await tx.selectFrom('sealed_value').select('field').where('dossier_id', '=', subject).execute()
  const held = new Set(rows.map(row => row.field))
  const isAlive = living?.state === 'alive'
  return {
    state: isAlive ? 'alive' : 'gone',
    restricted: living?.restricted === true,
    standing: isAlive ? await rooms.standingOf?.(tx, subject) : undefined,
    fields: everyField().flatMap(each => (each.kind === 'panel' && held.has(each.field) ? [each.field] : [])),
    kept: await keptFrom(tx, subject),
  }
}

/** What can be granted of a request in part: the fields that go, or the purposes that stop. */
function partsOf(one: Case, fields: readonly string[]) {
  if (one.matter === 'objection') return stoppable.map(value => ({ value, text: `to ${saysOf(value)}` }))
  if (one.matter !== 'erasure' && one.matter !== 'withdrawal') return []
  return fields
    .filter(field => field !== 'name' && field !== 'corrections')
    .map(value => ({ value, text: sayField(value) }))
}

/** What is granted of a request; what came of a complaint. */
export function wordsFor(one: Case): Record<Decision, string> {
  return one.matter === 'complaint' ? outcomes : decisions
}

/** Dates in a sentence, as people say them. */
function sayDates(sentence: string): string {
  return sentence.replaceAll(/\d{4}-\d{2}-\d{2}/g, date => sayDate(date))
}
