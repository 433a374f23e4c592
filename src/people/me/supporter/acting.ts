import type { FastifyReply } from 'fastify'
import { memberOf } from '#src/panel/membership/members.ts'
import { offerFor } from '#src/panel/membership/offers/offers.ts'
import { asksOf } from '#src/panel/membership/own/asks.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'

/** The first page of a supporter: what is asked of the person they act for, and where to do it. */
export async function showActing(house: House, by: Actor, reply: FastifyReply): Promise<unknown> {
  const shown = await within(house, { by, for: 'administer the panel' }, async tx => {
    const ask = { by, for: 'administer the panel', fields: ['name'] } as const
    const [opened] = await house.vault.open(tx, 'panel', ask, [by.id])
    const member = await memberOf(tx, by.id)
    return { opened, member, offer: await offerFor(tx, by.id), asks: await asksOf(tx, house, by) }
  })
  if (!shown.opened) return reply.page('people/me/nothing.njk', { title: 'There is nothing to do here' })
  return reply.page('people/me/supporter/acting.njk', {
    title: shown.opened.name ? `For ${shown.opened.name}` : 'For the person you support',
    offered: shown.offer?.state === 'offered',
    member: shown.member !== undefined,
    paused: shown.member?.paused_at != null,
    asks: shown.asks,
  })
}
