import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, email, line, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { ruleOf } from '../notice/datamap.ts'
import { caseById } from './cases.ts'
import { type Correctable, correct, correctable, correctionsOf } from './corrections.ts'
import { atDesk, type ById, type Choices, dpo } from './desk.ts'
import { noticeStep, noticesOf, noticeToday } from './recipients.ts'

/** What follows a decision: the correction itself, and telling everyone who was given the data (UK GDPR Arts 16 and 19). */
export async function afterRoutes(app: FastifyInstance, house: House, choices: Choices): Promise<void> {
  const showCorrection = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const { one, done } = await atDesk(house, request, async (tx, by) => {
      const held = await correctionIn(tx, house, by, id)
      return { ...held, done: await correctionsOf(tx, house, by, held.subject) }
    })
    return reply.page('promises/rights/correction.njk', {
      title: `${one.reference}: put it right`,
      back: `/staff/protection/cases/${id}`,
      id,
      fields: correctable.map(value => ({ value, text: ruleOf('panel', value)?.says ?? value })),
      done: done.map(each => ({
        at: sayInstant(new Date(each.at)),
        says: ruleOf('panel', each.field)?.says ?? each.field,
        was: wordsFor(choices, each.field, each.was) || 'nothing',
      })),
      values: {},
      ...more,
    })
  }
  app.get<ById>('/staff/protection/cases/:id/correction', dpo, (request, reply) =>
    showCorrection(request, reply, request.params.id),
  )
  app.post<ById>('/staff/protection/cases/:id/correction', dpo, async (request, reply) => {
    const { id } = request.params
    const form = read(correction, request.body)
    if (!form.ok) return showCorrection(request, reply.code(422), id, { values: request.body, ...form })
    const { field } = form.answer
    const value = codeFor(choices, field, form.answer.value)
    const again = (sentence: string) =>
      showCorrection(request, reply.code(422), id, { values: request.body, ...refuse({ value: sentence }) })
    if (value === undefined) return again(`Enter one of: ${Object.values(choices[field] ?? {}).join('; ')}`)
    if (field === 'email' && !email.safeParse(value).success)
      return again('Enter an email address, like name@example.com')
    const changed = await atDesk(house, request, async (tx, by) => {
      const { subject } = await correctionIn(tx, house, by, id)
      return correct(tx, house, by, subject, field, value)
    })
    if (!changed) return again('The record says so already')
    return reply.redirect(`/staff/protection/cases/${id}/correction`, 303)
  })

  const showNotices = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const { one, notices } = await atDesk(house, request, async (tx, by) => {
      const held = await caseById(tx, house, by, id)
      if (!held) throw notFound()
      return { one: held.one, notices: await noticesOf(tx, id) }
    })
    const today = londonDate(house.clock.now())
    return reply.page('promises/rights/recipients.njk', {
      title: `${one.reference}: who has to be told`,
      back: `/staff/protection/cases/${id}`,
      id,
      matter: one.matter,
      reference: one.reference,
      notices: notices.map(each => ({
        ...each,
        waits: noticeToday(each, today),
        told: each.told_at && sayDate(each.told_at),
        answered: each.answered_at && sayDate(each.answered_at),
      })),
      ...more,
    })
  }
  app.get<ById>('/staff/protection/cases/:id/recipients', dpo, (request, reply) =>
    showNotices(request, reply, request.params.id),
  )
  app.post<ById>('/staff/protection/cases/:id/recipients', dpo, async (request, reply) => {
    const { id } = request.params
    const { notice, what, reason } = stepping.parse(request.body ?? {})
    if (what === 'waived' && !reason)
      return showNotices(
        request,
        reply.code(422),
        id,
        refuse({ [`reason-${notice}`]: 'Enter why it is impossible, or out of proportion' }),
      )
    await atDesk(house, request, async (tx, by) => {
      const held = await caseById(tx, house, by, id)
      const recipient = held && (await noticeStep(tx, house, by, id, notice, what))
      if (!held || !recipient) throw notFound()
      const text = `${recipient}: ${what === 'waived' ? `not told, because ${reason}` : what}`
      const notes = [...held.account.notes, { at: house.clock.now().toISOString(), text }]
      await house.vault.put(tx, by, 'case', id, { account: JSON.stringify({ ...held.account, notes }) })
    })
    return reply.redirect(`/staff/protection/cases/${id}/recipients`, 303)
  })
}

const correction = z.object({
  field: z.enum(correctable, 'Select what is wrong'),
  value: line('Enter what it should say', 'What it should say', 2000),
})
const stepping = z.object({
  notice: z.uuid().catch('00000000-0000-4000-8000-000000000000'),
  what: z.enum(['told', 'answered', 'waived']).catch('told'),
  reason: z
    .string()
    .default('')
    .transform(text => clean(text).slice(0, 2000)),
})

/** A correction that was granted, of a record that was found, and is not carried out yet. */
async function correctionIn(tx: Tx, house: House, by: Actor, id: string) {
  const held = await caseById(tx, house, by, id)
  const { one } = held ?? {}
  if (one?.matter !== 'correction' || !one.subject || !one.decision || one.decision === 'refused') throw notFound()
  if (one.carried_out_at) throw notFound()
  return { one, subject: one.subject }
}

function codeFor(choices: Choices, field: Correctable, text: string): string | undefined {
  const words = choices[field]
  if (!words) return text
  return Object.entries(words).find(([code, says]) =>
    [code, says].some(one => one.toLowerCase() === text.toLowerCase()),
  )?.[0]
}

function wordsFor(choices: Choices, field: string, value: string): string {
  const words = Object.entries(choices).find(([name]) => name === field)?.[1]
  return words?.[value] ?? value
}
