import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { prose, read } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import { contact } from '../notice/contact.ts'
import { makeBundle, textsOf } from './bundle.ts'
import { caseById, type WriteToRequester } from './cases.ts'
import { draftAcknowledgement, noteEnquiry, outcomes, tellComplainant } from './complaints.ts'
import { atDesk, type ById, dpo } from './desk.ts'
import { dueOf } from './next.ts'

const words = (name: string, empty: string) => prose(name, 10_000).refine(text => text.length > 0, empty)
const forms = {
  acknowledgement: z.object({ acknowledgement: words('The acknowledgement', 'Enter the acknowledgement') }),
  enquiry: z.object({ enquiry: words('What you found out', 'Enter whom you asked and what you found out') }),
  progress: z.object({ progress: words('How it goes on', 'Enter how it goes on, as you tell them') }),
}

/** How a complaint goes on between receipt and outcome (DPA 2018 s.164A), and all of it in one file for the regulator. */
export async function complaintRoutes(app: FastifyInstance, house: House, write: WriteToRequester): Promise<void> {
  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const { one, requester, account } = await complaintOf(house, request, id)
    return reply.page('promises/rights/complaint.njk', {
      title: `${one.reference}: how the complaint goes on`,
      back: `/staff/protection/cases/${id}`,
      id,
      one,
      due: sayDate(dueOf(one).due),
      acknowledged: one.acknowledged_at && sayInstant(one.acknowledged_at),
      letters: account.letters.map((each, at) => ({ ...each, number: at, at: sayInstant(new Date(each.at)) })),
      enquiries: account.enquiries.map(each => ({ ...each, at: sayInstant(new Date(each.at)) })),
      values: { acknowledgement: draftAcknowledgement(one, requester.name) },
      isByPost: !requester.reach.includes('@'),
      ...more,
    })
  }
  app.get<ById>('/staff/protection/cases/:id/complaint', dpo, (request, reply) =>
    show(request, reply, request.params.id),
  )
  app.post<ById>('/staff/protection/cases/:id/complaint', dpo, async (request, reply) => {
    const { id } = request.params
    await complaintOf(house, request, id)
    const { what } = z.object({ what: z.enum(['acknowledgement', 'enquiry', 'progress']) }).parse(request.body ?? {})
    const form = read(forms[what], request.body)
    if (!form.ok) return show(request, reply.code(422), id, { values: request.body, ...form })
    const text = Object.values(form.answer)[0] ?? ''
    await atDesk(house, request, (tx, by) =>
      what === 'enquiry' ? noteEnquiry(tx, house, by, id, text) : tellComplainant(tx, house, by, id, what, text, write),
    )
    return reply.redirect(`/staff/protection/cases/${id}/complaint`, 303)
  })

  app.get<ById>('/staff/protection/cases/:id/bundle.zip', dpo, async (request, reply) => {
    const { id } = request.params
    const held = await complaintOf(house, request, id)
    const { one } = held
    const at = house.clock.now()
    const page = await reply.viewAsync('promises/rights/bundle.njk', {
      reference: one.reference,
      contact,
      made: sayInstant(at),
      channel: one.channel,
      dates: [
        ['Received', sayInstant(one.received_at)],
        ['To be acknowledged by', sayDate(dueOf(one).due)],
        ['Acknowledged', one.acknowledged_at && sayInstant(one.acknowledged_at)],
        ['Last told how it goes on', one.told_at && sayInstant(one.told_at)],
        ['Outcome', one.decision && outcomes[one.decision]],
        ['Decided', one.decided_at && sayInstant(one.decided_at)],
        ['Outcome told', one.answered_at && sayInstant(one.answered_at)],
        ['Closed', one.closed_at && sayInstant(one.closed_at)],
      ].map(([says, value]) => ({ says, value: value ?? 'Not yet' })),
      texts: textsOf(held).map(({ name, bytes }) => ({ name, text: bytes.toString('utf8') })),
    })
    const bundle = makeBundle(held, page, at)
    await atDesk(house, request, (tx, by) =>
      record(tx, {
        actor: by.id,
        role: 'dpo',
        purpose: 'exercise rights',
        act: 'bundle for the regulator made',
        subject: id,
        detail: { sha256: bundle.sha256 },
        at,
      }),
    )
    return reply
      .header('content-disposition', `attachment; filename="${one.reference}.zip"`)
      .type('application/zip')
      .send(bundle.file)
  })
}

async function complaintOf(house: House, request: FastifyRequest, id: string) {
  const found = await atDesk(house, request, (tx, by) => caseById(tx, house, by, id))
  if (found?.one.matter !== 'complaint') throw notFound()
  return found
}
