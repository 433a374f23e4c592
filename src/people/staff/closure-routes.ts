import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { notFound } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { closeAccount, heldBy, markOf } from './handover.ts'
import { may } from './permissions.ts'

const administrator = { config: { may: may.keepAccounts } }
const sent = z.object({ to: z.string().trim().default(''), seen: z.string().optional() })
type ById = { Params: { id: string } }

/** Someone leaves the team: what they hold is shown with where it goes, and the account is closed in one step. */
export async function closureRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<ById>, reply: FastifyReply, more: object = {}) => {
    const { id } = request.params
    const by = known(request.actor)
    const shown = await within(house, { by, for: 'keep the service safe' }, async tx => {
      const person = z.uuid().safeParse(id).success
        ? await tx.selectFrom('staff').selectAll().where('dossier_id', '=', id).executeTakeFirst()
        : undefined
      if (!person || person.disabled_at) throw notFound()
      const rows = await tx
        .selectFrom('staff')
        .select('dossier_id')
        .where('activated_at', 'is not', null)
        .where('disabled_at', 'is', null)
        .execute()
      const ids = [...new Set([id, ...rows.map(row => row.dossier_id)])]
      const ask = { by, for: 'keep the service safe', fields: ['name'] } as const
      const names = await house.vault.open(tx, 'staff', ask, ids)
      return { names, held: await heldBy(tx, id) }
    })
    const colleagues = shown.names
      .filter(one => one.id !== id)
      .map(one => ({ value: one.id, text: one.name ?? '' }))
      .sort((a, b) => a.text.localeCompare(b.text, 'en-GB'))
    return reply.page('people/staff/closure.njk', {
      title: `Close the account of ${shown.names.find(one => one.id === id)?.name ?? 'this person'}`,
      back: `/staff/settings/people/${id}`,
      id,
      held: shown.held,
      seen: markOf(shown.held),
      colleagues: [{ value: '', text: 'Nobody by name: back to the team' }, ...colleagues],
      values: {},
      ...more,
    })
  }
  app.get<ById>('/staff/settings/people/:id/closure', administrator, (request, reply) => show(request, reply))
  app.post<ById>('/staff/settings/people/:id/closure', administrator, async (request, reply) => {
    const by = known(request.actor)
    const { id } = request.params
    const { to, seen } = sent.catch({ to: '', seen: '' }).parse(request.body ?? {})
    if (!z.uuid().safeParse(id).success) throw notFound()
    const isStaff = z.uuid().safeParse(to).success
    const fault =
      to && !isStaff
        ? 'Select a colleague whose account is open'
        : await within(house, { by, for: 'keep the service safe' }, tx =>
            closeAccount(tx, house, by, id, { to: to || undefined, seen: seen ?? '' }),
          )
    if (fault) return show(request, reply.code(422), { values: { to }, ...refuse({ to: fault }) })
    return reply.redirect('/staff/settings/people', 303)
  })
}

function known(actor: Actor | undefined): Actor {
  if (!actor) throw notFound()
  return actor
}
