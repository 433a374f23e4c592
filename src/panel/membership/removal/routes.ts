import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { line, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../../recruitment/rounds/desk.ts'
import { memberOf } from '../members.ts'
import { NotPossible } from '../not-possible.ts'
import { may } from '../permissions.ts'
import { confirm, drop, noticeDays, openRemoval, propose } from './removal.ts'

const officer = { config: { may: may.lookAfterMembers } }
type ById = { Params: { id: string } }
const form = z.object({ reason: line('Enter why the member is to be removed', 'The reason', 1000) })

/** The removal of a member: proposed with a reason, answered within the notice, confirmed by a second person or dropped. */
export async function removalRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<ById>, reply: FastifyReply, more: object = {}) => {
    const { id } = request.params
    const shown = await atDesk(house, request, async (tx, by) => {
      const member = z.uuid().safeParse(id).success ? await memberOf(tx, id) : undefined
      if (!member) throw notFound()
      const ask = { by, for: 'administer the panel', fields: ['name', 'removalReason'] } as const
      const [person] = await house.vault.open(tx, 'panel', ask, [id])
      if (!person) throw notFound()
      return { member, person, open: await openRemoval(tx, id) }
    })
    const { member, person, open } = shown
    return reply.page('panel/membership/removal/removal.njk', {
      title: `Remove ${person.name ?? 'a member'} from the panel`,
      crumbs: [
        { text: 'Members', href: '/staff/members' },
        { text: person.name ?? 'The member', href: `/staff/members/${id}` },
      ],
      id,
      left: member.left_on && sayDate(member.left_on),
      open: open && {
        reason: person.removalReason,
        at: sayDate(open.proposed_at),
        until: sayDate(open.notice_until),
        over: londonDate(house.clock.now()) > open.notice_until,
        own: open.proposed_by === staffOf(request).id,
      },
      days: noticeDays,
      values: {},
      ...more,
    })
  }
  const acts: Record<string, (tx: Tx, by: Actor, id: string, reason: string) => Promise<void>> = {
    propose: (tx, by, id, reason) => propose(tx, house, by, id, reason),
    confirm: (tx, by, id) => confirm(tx, house, by, id),
    drop: (tx, by, id) => drop(tx, house, by, id),
  }
  app.get<ById>('/staff/members/:id/removal', officer, (request, reply) => show(request, reply))
  app.post<ById>('/staff/members/:id/removal', officer, async (request, reply) => {
    const { id } = request.params
    const fields = fieldsOf(request.body)
    const name = textOf(fields, 'act')
    const act = acts[name]
    if (!act || !z.uuid().safeParse(id).success) throw notFound()
    const sent = name === 'propose' ? read(form, fields) : undefined
    if (sent && !sent.ok) return show(request, reply.code(422), { values: fields, ...sent })
    try {
      await atDesk(house, request, async (tx, by) => {
        if (!(await memberOf(tx, id))) throw notFound()
        await act(tx, by, id, sent?.ok ? sent.answer.reason : '')
      })
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error
      return show(request, reply.code(422), { values: fields, ...refuse({ act: error.message }) })
    }
    return reply.redirect(name === 'propose' ? `/staff/members/${id}/removal` : `/staff/members/${id}`, 303)
  })
}
