import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { read } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, isSupporter } from '#src/promises/notice/actor.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { adjustmentsForm } from '../../recruitment/apply/adjustments.ts'
import { itemsOf, adjustments as options } from '../../recruitment/options.ts'
import { type AdjustmentNeeds, adjustmentsValue } from '../../recruitment/values.ts'
import { mine } from '../me-routes.ts'
import { may } from '../permissions.ts'
import { nextAsk } from './asks.ts'
import { checksOf, noteCheck } from './checks.ts'

const own = { config: { may: may.takePart } }

/** "Tell us once": what would help someone take part. They see it, change it, and say when it is no longer needed. */
export async function myAdjustmentRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    more: { values?: AdjustmentNeeds } & object = {},
  ) => {
    const shown = await mine(house, request, async (tx, me) => ({
      held: await needsOf(tx, house, me),
      asked: await areAsked(tx, house),
      told: (await checksOf(tx, me.id)).has('adjustments'),
    }))
    const values = more.values ?? shown.held
    return reply.page('panel/membership/own/adjustments.njk', {
      title: 'What would help you take part',
      back: '/me',
      asked: shown.asked,
      has: shown.held !== undefined,
      told: shown.told,
      items: itemsOf(options, values?.ticked ?? []),
      words: values?.words,
      ...more,
    })
  }
  app.get('/me/adjustments', own, (request, reply) => show(request, reply))

  app.post('/me/adjustments', own, async (request, reply) => {
    const form = read(adjustmentsForm, request.body)
    if (!form.ok) return show(request, reply.code(422), { ...form, values: typed(request.body) })
    const { adjustments: ticked, words } = form.answer
    const says = ticked.length || words ? adjustmentsValue.write({ ticked: [...ticked], words }) : undefined
    const next = await mine(house, request, async (tx, me) => {
      await needsMember(tx, me)
      if (says && !(await areAsked(tx, house))) return '/me'
      const isFirst = !(await checksOf(tx, me.id)).has('adjustments')
      await house.vault.put(tx, me, 'panel', me.id, { adjustments: says })
      await noteCheck(tx, house, me.id, 'adjustments')
      return isFirst ? nextAsk(tx, house, me) : '/me'
    })
    return reply.redirect(next, 303)
  })

  app.post('/me/adjustments/end', own, async (request, reply) => {
    await mine(house, request, async (tx, me) => {
      await needsMember(tx, me)
      await house.vault.put(tx, me, 'panel', me.id, { adjustments: undefined })
      await noteCheck(tx, house, me.id, 'adjustments')
    })
    return reply.redirect('/me/adjustments', 303)
  })
}

/** Whether adjustments may be asked about today: a policy document in force, and a condition set. */
async function areAsked(tx: Tx, house: House): Promise<boolean> {
  return (await gateOn(tx, londonDate(house.clock.now()))).askAdjustments
}

/** What someone said would help them, for their own eyes, or those of the supporter who acts for them. */
async function needsOf(tx: Tx, house: House, me: Actor): Promise<AdjustmentNeeds | undefined> {
  const fields = ['adjustments'] as const
  const [opened] = isSupporter(me)
    ? await house.vault.open(tx, 'panel', { by: me, for: 'arrange adjustments', fields }, [me.id])
    : await house.vault.open(tx, 'panel', { by: me, for: 'exercise rights', fields }, [me.id])
  return adjustmentsValue.read(opened?.adjustments?.reveal())
}

/** A record that is gone or set aside takes nothing new. */
async function needsMember(tx: Tx, me: Actor): Promise<void> {
  const row = await tx.selectFrom('dossier').select('id').where('id', '=', me.id).executeTakeFirst()
  if (!row) throw notFound()
}

function typed(body: unknown): AdjustmentNeeds {
  const fields = body && typeof body === 'object' ? Object.fromEntries(Object.entries(body)) : {}
  return { ticked: [fields.adjustments ?? []].flat().map(String), words: String(fields.words ?? '') }
}
