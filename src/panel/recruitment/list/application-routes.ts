import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { prose, read } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { applicationOf, withdraw } from '../application.ts'
import { councilByCode, regionOf } from '../councils.ts'
import { ageRanges, channels, genders, tenancies, wordsOf } from '../options.ts'
import { may } from '../permissions.ts'
import { questionsOf } from '../round.ts'
import { atDesk, fieldsOf, staffOf } from '../rounds/desk.ts'
import { addressValue, answersValue } from '../values.ts'
import { stateTags } from './routes.ts'

const officer = { config: { may: may.readApplications } }
const crumbs = [{ text: 'Applications', href: '/staff/applications' }]
type ById = { Params: { id: string } }
/** Whether someone has a place or is offered one: who they are then, and the page to withdraw on instead. */
export type PlaceOf = (tx: Tx, dossier: string) => Promise<{ says: string; href: string } | undefined>

const withdrawal = z.object({
  reason: prose('The reason', 500),
  deletion: z.enum(['now', 'later'], 'Select what the person wants'),
})

/** One application, as its purpose lets an officer see it: never ethnicity or adjustments. */
export async function applicationRoutes(
  app: FastifyInstance,
  house: House,
  placeOf: PlaceOf = async () => undefined,
): Promise<void> {
  app.get<ById>('/staff/applications/:id', officer, async (request, reply) => {
    const shown = await atDesk(house, request, async (tx, by) => ({
      ...(await present(tx, house, by, request.params.id)),
      place: await placeOf(tx, request.params.id),
    }))
    const { notice } = fieldsOf(request.query)
    return reply.page('panel/recruitment/list/application.njk', {
      title: `Application ${shown.reference}`,
      crumbs,
      ...shown,
      ...(notice === 'entered' ? { notice: `The application is entered. Its reference is ${shown.reference}.` } : {}),
    })
  })

  app.get<ById>('/staff/applications/:id/withdrawal', officer, async (request, reply) => {
    const { row, place } = await atDesk(house, request, async tx => ({
      row: await standing(tx, request.params.id),
      place: await placeOf(tx, request.params.id),
    }))
    if (place) return reply.redirect(place.href, 303)
    return reply.page('panel/recruitment/list/withdrawal.njk', {
      title: 'Withdraw for the applicant',
      back: `/staff/applications/${row.id}`,
      reference: row.reference,
      values: {},
    })
  })

  app.post<ById>('/staff/applications/:id/withdrawal', officer, async (request, reply) => {
    const { id } = request.params
    const form = read(withdrawal, request.body)
    const application = await atDesk(house, request, async (tx, by) => {
      const held = await standing(tx, id)
      if (await placeOf(tx, id)) return undefined
      if (!form.ok) return held
      if (form.answer.reason) await house.vault.put(tx, by, 'panel', id, { withdrawalReason: form.answer.reason })
      await withdraw(tx, house, by, held)
      return held
    })
    if (!application) return reply.redirect(`/staff/applications/${id}`, 303)
    if (!form.ok)
      return reply.code(422).page('panel/recruitment/list/withdrawal.njk', {
        title: 'Withdraw for the applicant',
        back: `/staff/applications/${id}`,
        reference: application.reference,
        values: fieldsOf(request.body),
        ...form,
      })
    if (form.answer.deletion === 'later') return reply.redirect(`/staff/applications/${id}`, 303)
    await erase(house.reach, staffOf(request), [id], 'withdrawn and deleted')
    return reply.redirect('/staff/applications', 303)
  })
}

async function standing(tx: Tx, id: string) {
  const found = z.uuid().safeParse(id).success ? await applicationOf(tx, id) : undefined
  if (!found || found.state === 'draft') throw notFound()
  return found
}

async function present(tx: Tx, house: House, by: Actor, id: string) {
  await standing(tx, id)
  const row = await tx.selectFrom('application').selectAll().where('dossier_id', '=', id).executeTakeFirstOrThrow()
  const living = await house.vault.record(id)
  return {
    id,
    reference: row.reference,
    tag: stateTags[row.state],
    isSent: row.state === 'sent',
    unlisted: row.landlord_unlisted,
    special: row.marked_special,
    sections: row.state === 'sent' ? await said(tx, house, by, id, row.round_id) : [],
    timeline: timelineOf(row),
    deleted: living ? sayDate(living.expiresOn) : '',
  }
}

/** What the person said, by section, opened to administer the panel. */
async function said(tx: Tx, house: House, by: Actor, id: string, roundId: string) {
  const fields = [
    'name',
    'email',
    'phone',
    'address',
    'channel',
    'landlord',
    'tenancy',
    'area',
    'ageRange',
    'gender',
    'answers',
    'termsServed',
    'staffNote',
  ] as const
  const [held] = await house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields }, [id])
  if (!held) return []
  const address = addressValue.read(held.address)
  const answers = answersValue.read(held.answers) ?? {}
  const council = councilByCode(held.area ?? '')
  const questions = await questionsOf(tx, roundId)
  return [
    {
      title: 'Who and how to reach them',
      rows: rowsOf([
        ['Name', held.name],
        ['Wants to hear by', wordsOf(channels, held.channel)],
        ['Email address', held.email],
        ['Phone number', held.phone],
        ['Postal address', address && [...address.lines, address.postcode].join(', ')],
      ]),
    },
    {
      title: 'Home',
      rows: rowsOf([
        ['Landlord', held.landlord],
        ['How they rent or own their home', wordsOf(tenancies, held.tenancy)],
        ['Council area', council && `${council.name} (${regionOf(council.code)})`],
      ]),
    },
    {
      title: 'About them',
      rows: rowsOf([
        ['Age range', wordsOf(ageRanges, held.ageRange)],
        ['Gender', wordsOf(genders, held.gender)],
        ['Terms served before', held.termsServed],
      ]),
    },
    { title: 'Skills and experience', rows: rowsOf(questions.map(({ id, title }) => [title, answers[id]])) },
  ]
}

function rowsOf(pairs: (readonly [string, string | undefined])[]) {
  return pairs.map(([key, value]) => ({
    key: { text: key },
    value: { text: value || 'Not given', classes: value ? 'panel-long' : 'panel-quiet' },
  }))
}

const receivedWords = {
  web: 'Received online',
  phone: 'Received by phone',
  post: 'Received by post',
  import: 'Received on paper, then imported',
} as const

function timelineOf(row: {
  started_at: Date
  sent_at: Date | null
  changed_at: Date
  withdrawn_at: Date | null
  received_via: keyof typeof receivedWords
  received_on: string | null
  entered_by: string | null
  notice_version: string
  notice_given_how: string
  notice_given_at: Date
  email_confirmed_at: Date | null
  reminded_at: Date | null
}) {
  const changed = row.sent_at && row.changed_at > row.sent_at && !row.withdrawn_at ? row.changed_at : null
  const events: [Date | null, string][] = [
    [row.notice_given_at, `Privacy notice version ${row.notice_version} given: ${row.notice_given_how}`],
    [row.started_at, row.entered_by ? 'Entered by staff' : 'Begun'],
    [row.email_confirmed_at, 'Email address confirmed'],
    [row.reminded_at, 'Reminded that it was not sent'],
    [row.sent_at, 'Sent'],
    [changed, 'Changed'],
    [row.withdrawn_at, 'Withdrawn'],
  ]
  const received = row.received_on ? [{ when: sayDate(row.received_on), what: receivedWords[row.received_via] }] : []
  const dated = events.flatMap(([at, what]) => (at ? [{ at, what }] : [])).sort((a, b) => Number(a.at) - Number(b.at))
  return [...received, ...dated.map(({ at, what }) => ({ when: sayInstant(at), what }))]
}
