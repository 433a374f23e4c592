import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound, unprocessable } from '#src/platform/web/errors.ts'
import { read } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { roundInHand } from '../list/routes.ts'
import { itemsOf } from '../options.ts'
import { may } from '../permissions.ts'
import { rounds } from '../round.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../rounds/desk.ts'
import { exportPurposes } from './contents.ts'
import { askForExport, decideExport, takeExport } from './export.ts'

const asking = { config: { may: may.askForExports } }
const approving = { config: { may: may.approveExports } }
type ById = { Params: { id: string } }

const form = z.object({
  purpose: z.enum(exportPurposes, 'Select what the export is for'),
  contact: z.enum(['yes', 'no'], 'Select whether it holds names and contact details'),
})
const purposeWords = Object.fromEntries(exportPurposes.map(name => [name, `To ${name}`]))

/** Exports of applications: asked for, approved by a second person where they hold contact details, taken once. */
export async function exportRoutes(app: FastifyInstance, house: House): Promise<void> {
  const view = 'panel/recruitment/export/exports.njk'

  app.get('/staff/applications/exports', approving, async (request, reply) =>
    reply.page(view, await atDesk(house, request, (tx, by) => present(tx, house, by, {}))),
  )

  app.post('/staff/applications/exports', asking, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const asked = read(form, fields)
    if (!asked.ok || (asked.answer.contact === 'yes' && asked.answer.purpose === 'review applications')) {
      const page = await atDesk(house, request, (tx, by) => present(tx, house, by, fields))
      const why = { error: { contact: { text: reviewersSee } }, errors: [{ text: reviewersSee, href: '#contact' }] }
      return reply.code(422).page(view, { ...page, ...(asked.ok ? why : asked) })
    }
    await atDesk(house, request, async (tx, by) => {
      const published = (await rounds(tx)).filter(round => round.publishedAt)
      const round = await roundInHand(tx, house, textOf(fields, 'round'), published)
      if (!round) throw unprocessable('No round has been published yet.')
      const { purpose, contact } = asked.answer
      await askForExport(tx, house, by, { round: round.id, purpose, contact: contact === 'yes' })
    })
    return reply.redirect('/staff/applications/exports', 303)
  })

  app.post<ById>('/staff/applications/exports/:id/decision', approving, async (request, reply) => {
    const decision = textOf(fieldsOf(request.body), 'decision') === 'approve' ? 'approved' : 'refused'
    const isDecided = await atDesk(house, request, (tx, by) =>
      decideExport(tx, house, by, idOf(request.params.id), decision),
    )
    if (!isDecided) throw forbidden('A second person decides on an export, once. Nobody approves their own.')
    return reply.redirect('/staff/applications/exports', 303)
  })

  app.post<ById>('/staff/applications/exports/:id/file', asking, async (request, reply) => {
    const by = staffOf(request)
    const id = idOf(request.params.id)
    const file = await within(house, { by, for: 'administer the panel' }, tx => takeExport(tx, house, by, id))
    if (file === undefined) throw forbidden('This export is not yours to take, is not approved, or was taken already.')
    return reply
      .header('content-disposition', `attachment; filename="applications-${id.slice(0, 8)}.csv"`)
      .header('cache-control', 'no-store')
      .type('text/csv; charset=utf-8')
      .send(file)
  })
}

const reviewersSee = 'Reviewers never see names or contact details: select no'

async function present(tx: Tx, house: House, by: Actor, fields: { [field: string]: unknown }) {
  const rows = await tx
    .selectFrom('application_export')
    .innerJoin('round', 'round.id', 'application_export.round_id')
    .selectAll('application_export')
    .select('round.name')
    .orderBy('asked_at', 'desc')
    .limit(50)
    .execute()
  const published = (await rounds(tx)).filter(round => round.publishedAt)
  const round = await roundInHand(tx, house, '', published)
  const isOfficer = by.roles.includes('officer')
  return {
    title: 'Exports of applications',
    ...(isOfficer ? { crumbs: [{ text: 'Applications', href: '/staff/applications' }] } : {}),
    canAsk: isOfficer && round !== undefined,
    round,
    purposes: itemsOf(purposeWords, textOf(fields, 'purpose')),
    contact: itemsOf({ no: 'No', yes: 'Yes: a second person must approve it' }, textOf(fields, 'contact')),
    exports: rows.map(row => ({
      id: row.id,
      round: row.name,
      purpose: purposeWords[row.purpose],
      contact: row.contact,
      asked: `${row.asked_by === by.id ? 'You' : 'A colleague'}, ${sayInstant(row.asked_at)}`,
      state: stateOf(row),
      canDecide: row.contact && !row.decision && row.asked_by !== by.id,
      canTake: row.asked_by === by.id && !row.taken_at && (!row.contact || row.decision === 'approved'),
    })),
  }
}

function stateOf(row: { contact: boolean; decision: string | null; taken_at: Date | null }): string {
  if (row.taken_at) return `Taken, ${sayInstant(row.taken_at)}`
  if (row.decision === 'refused') return 'Refused'
  return row.contact && !row.decision ? 'Waits for a second person' : 'Ready'
}

function idOf(text: string): string {
  if (!z.uuid().safeParse(text).success) throw notFound()
  return text
}
