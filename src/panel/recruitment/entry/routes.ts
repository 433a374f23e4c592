import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { noticeInForce } from '#src/promises/publishing/version.ts'
import { type Gate, gateOn } from '#src/promises/vault/gate.ts'
import { applicationOf, begin, enteredOnce, saveAnswers, send } from '../application.ts'
import { councils } from '../councils.ts'
import { groundOf, whyNotImport } from '../import/import.ts'
import { landlordNamed } from '../landlords/landlords.ts'
import { roundInHand } from '../list/routes.ts'
import { adjustments, ageRanges, channels, ethnicGroups, genders, itemsOf, tenancies } from '../options.ts'
import { may } from '../permissions.ts'
import { type Question, type Round, rounds } from '../round.ts'
import { atDesk, fieldsOf, textOf } from '../rounds/desk.ts'
import { dateFields } from '../rounds/when.ts'
import { cameBy, type Entry, noticeHow, readEntry } from './form.ts'

const officer = { config: { may: may.enterApplications } }
const onceForm = z.uuid()
type Fields = { [field: string]: unknown }

interface Ready {
  round: Round
  questions: readonly Question[]
  from: string
  to: string
  gate: Gate
}

/**
 * Applications that came by phone or post, typed in by an officer on someone's behalf. Ethnicity and adjustments are
 * sealed like the rest; the officer cannot read them back.
 */
export async function entryRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/staff/applications/new', officer, async (request, reply) => {
    const ready = await atDesk(house, request, tx => readyFor(tx, house))
    const today = dateFields('received', londonDate(house.clock.now()))
    return show(reply, ready, { ...today, notice: '', once: randomUUID() }, {})
  })

  app.post('/staff/applications/new', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const once = onceForm.safeParse(fields.once).data ?? randomUUID()
    const outcome = await atDesk(house, request, async (tx, by) => {
      await lockForm(tx, once)
      const before = await enteredOnce(tx, once)
      if (before) return { ready: '', id: before }
      const ready = await readyFor(tx, house)
      if (typeof ready === 'string') return { ready }
      const entry = readEntry(fields, ready)
      return entry.ok ? { ready, id: await enter(tx, house, by, ready, { ...entry, once }) } : { ready, refusal: entry }
    })
    if (outcome.id) return reply.redirect(`/staff/applications/${outcome.id}?notice=entered`, 303)
    return show(reply.code(422), outcome.ready, fields, outcome.refusal ?? {})
  })
}

/** Two presses of the button: the second waits for the first, and finds what it entered. */
async function lockForm(tx: Tx, once: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${once}, 0))`.execute(tx)
}

/** The round that takes it, and what may be asked today; or why nothing can be entered, in one sentence. */
async function readyFor(tx: Tx, house: House): Promise<Ready | string> {
  const published = (await rounds(tx)).filter(round => round.publishedAt)
  const round = await roundInHand(tx, house, '', published)
  const why = round ? await whyNotImport(tx, house, round) : 'No round has been published yet'
  if (!round || why) return why ?? ''
  const { questions, from, to } = await groundOf(tx, house, round, () => new Map())
  return { round, questions, from, to, gate: await gateOn(tx, londonDate(house.clock.now())) }
}

/** Enters an application for someone: begun, answered and sent in one go. Returns its id. */
async function enter(
  tx: Tx,
  house: House,
  by: Actor,
  { round, gate }: Ready,
  entry: Entry & { once: string },
): Promise<string> {
  const notice = await noticeInForce(tx)
  if (!notice) throw new Error('No privacy notice is in force.')
  const given = { version: notice.version, how: entry.notice, on: entry.receivedOn }
  const received = { via: entry.via, on: entry.receivedOn, enteredBy: by.id, once: entry.once }
  const id = await begin(tx, house, by, round, given, received)
  const { ethnicity, adjustments, landlord, ...rest } = entry.values
  const listed = await landlordNamed(tx, landlord ?? '')
  const values = {
    ...rest,
    ...(landlord ? { landlord: listed ?? landlord } : {}),
    ...(ethnicity && gate.ethnicity ? { ethnicity } : {}),
    ...(adjustments && gate.askAdjustments ? { adjustments } : {}),
  }
  const draft = await applicationOf(tx, id)
  if (!draft) throw new Error('The application was just begun.')
  const flags = { landlordUnlisted: !listed, markedSpecial: entry.markedSpecial }
  await saveAnswers(tx, house, by, draft, 'entry', values, flags)
  await send(tx, house, by, draft, round)
  return id
}

function show(reply: FastifyReply, ready: Ready | string, fields: Fields, refusal: object) {
  const page = { title: 'Enter an application', crumbs: [{ text: 'Applications', href: '/staff/applications' }] }
  if (typeof ready === 'string') return reply.page('panel/recruitment/entry/entry.njk', { ...page, why: ready })
  const chosen = (field: string) => textOf(fields, field)
  const select = (options: Record<string, string>, field: string) => [
    { value: '', text: 'Not answered' },
    ...Object.entries(options).map(([value, text]) => ({ value, text, selected: value === chosen(field) })),
  ]
  const ticked = [fields.needs].flat().map(String)
  return reply.page('panel/recruitment/entry/entry.njk', {
    ...page,
    ...refusal,
    values: fields,
    round: ready.round,
    between: `${sayDate(ready.from)} to ${sayDate(ready.to)}`,
    questions: ready.questions.map((question, at) => ({ ...question, field: `answer${at + 1}` })),
    gate: ready.gate,
    items: {
      via: itemsOf(cameBy, chosen('via')),
      notice: itemsOf(noticeHow, chosen('notice')),
      channel: itemsOf(channels, chosen('channel')),
      tenancy: select(tenancies, 'tenancy'),
      area: select(Object.fromEntries(councils.map(({ code, name }) => [code, name])), 'area'),
      ageRange: select(ageRanges, 'ageRange'),
      gender: select(genders, 'gender'),
      terms: select({ '0': 'None', '1': 'One', '2': 'Two' }, 'termsServed'),
      ethnicity: select(ethnicWords, 'ethnicity'),
      needs: itemsOf(adjustments, ticked),
    },
  })
}

const ethnicWords: Record<string, string> = {
  ...Object.fromEntries(
    Object.values(ethnicGroups).flatMap(({ label, backgrounds }) =>
      Object.entries(backgrounds).map(([code, words]) => [code, `${label}: ${words}`]),
    ),
  ),
  'not-said': 'Prefer not to say',
}
