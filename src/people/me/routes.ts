import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { isInOffice, memberOf } from '#src/panel/membership/members.ts'
import { decline, offerFor } from '#src/panel/membership/offers/offers.ts'
import { asksOf } from '#src/panel/membership/own/asks.ts'
import { applicationOf, inHand, withdraw } from '#src/panel/recruitment/application.ts'
import { endOf } from '#src/panel/recruitment/round.ts'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { visibleTo } from '#src/promises/disclosures/visible.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, isSupporter } from '#src/promises/notice/actor.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { clearCookie } from '../doors/access.ts'
import { addressAsks } from './details/change.ts'
import { may } from './permissions.ts'
import { showActing } from './supporter/acting.ts'

const stateWords = { draft: 'Not sent yet', sent: 'Sent', withdrawn: 'Withdrawn' }

/** The resident's own pages: their application, its state, who opened it, withdrawing and deleting. */
export async function meRoutes(app: FastifyInstance, house: House): Promise<void> {
  const resident = { config: { may: may.own } }

  app.get('/me', { config: { may: may.takePart } }, async (request, reply) => {
    const by = known(request.actor)
    if (isSupporter(by)) return showActing(house, by, reply)
    const data = await within(house, { by, for: 'administer the panel' }, async tx => {
      const held = await inHand(tx, house, by.id)
      if (!held) return undefined
      const [opened] = await house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['name'] }, [
        by.id,
      ])
      const openings = await tx
        .selectFrom('opening')
        .select(['id', 'at', 'role', 'purpose'])
        .where('dossier_id', '=', by.id)
        .orderBy('at', 'desc')
        .limit(50)
        .execute()
      const living = await house.vault.record(by.id)
      const { tells } = await visibleTo(tx, by.id)
      const offer = (await offerFor(tx, by.id))?.state
      const member = await memberOf(tx, by.id)
      const asks = [...(await asksOf(tx, house, by)), ...(await addressAsks(tx, house, by.id))]
      const told = openings.filter(tells)
      return { ...held, offer, member, asks, name: opened?.name, openings: told, deleted: living?.expiresOn }
    })
    if (!data) return reply.page('people/me/nothing.njk', { title: 'You have no application' })
    return reply.page('people/me/me.njk', {
      title: data.name ? `Hello, ${data.name}` : 'Your application',
      reference: data.application.reference,
      state: data.application.state,
      stateWords: stateWords[data.application.state],
      round: data.round.name,
      closes: sayInstant(endOf(data.round)),
      open: data.open,
      offer: data.offer,
      member: data.member !== undefined,
      paused: data.member?.paused_at != null,
      asks: data.asks,
      deleted: data.deleted && sayDate(data.deleted),
      several: by.own.length > 1,
      openings: data.openings.map(one => ({ ...one, at: sayInstant(one.at) })),
    })
  })

  app.get('/me/withdrawal', resident, async (request, reply) => {
    const by = known(request.actor)
    const { application, member, offer } = await within(house, { by, for: 'administer the panel' }, async tx => ({
      application: await applicationOf(tx, by.id),
      member: await memberOf(tx, by.id),
      offer: await offerFor(tx, by.id),
    }))
    if (!application) throw notFound()
    return reply.page('people/me/withdrawal.njk', {
      title: member ? 'Leave, or delete everything' : 'Withdraw your application',
      mayLeave: member !== undefined && isInOffice(member, londonDate(house.clock.now())),
      mayWithdraw: !member && application.state !== 'withdrawn',
      isOffered: offer?.state === 'offered',
      back: '/me',
    })
  })
  app.post('/me/withdrawal', resident, async (request, reply) => {
    const by = known(request.actor)
    const form = z.object({ how: z.enum(['keep', 'delete']).catch('keep') }).parse(request.body)
    const isMember = await within(house, { by, for: 'administer the panel' }, async tx => {
      const application = await applicationOf(tx, by.id)
      if (!application) throw notFound()
      if (await memberOf(tx, by.id)) return true
      if ((await offerFor(tx, by.id))?.state === 'offered') await decline(tx, house, by, by.id, '')
      if (application.state !== 'draft') await withdraw(tx, house, by, application)
      return false
    })
    if (form.how === 'keep') return reply.redirect(isMember ? '/me/membership/leaving' : '/me', 303)
    await erase(house.reach, by, [by.id], 'withdrawn and deleted')
    clearCookie(house, reply)
    return reply.page('people/me/deleted.njk', {
      title: isMember ? 'Your record is deleted' : 'Your application is deleted',
    })
  })
}

function known(actor: Actor | undefined): Actor {
  if (!actor) throw notFound()
  return actor
}
