import type { FastifyReply, FastifyRequest } from 'fastify'
import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { inHand } from '../application.ts'
import { endOf, expiriesOf, questionsOf, type Round } from '../round.ts'
import type { Desk } from './page.ts'

/**
 * Finds the application in hand and its round, and does the work in one transaction; what is shown comes after it.
 * When the round has closed, says so kindly instead.
 */
export async function atDesk(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (desk: Desk) => Promise<() => unknown>,
): Promise<unknown> {
  const by = required(request.actor)
  const id = begunBy(by)
  if (!id) throw notFound()
  const show = await within(house, { by, for: 'administer the panel' }, async tx => {
    const held = await inHand(tx, house, id, { toChange: request.method === 'POST' })
    if (!held) throw notFound()
    const { application, round, open } = held
    if (!open) return () => shut(reply, round, application.state)
    return work({ tx, house, by, round, application, questions: await questionsOf(tx, round.id) })
  })
  return show()
}

function shut(reply: FastifyReply, round: Round, state: string) {
  const { draft, sent } = expiriesOf(round)
  return reply.page('panel/recruitment/apply/shut.njk', {
    title: state === 'withdrawn' ? 'You have withdrawn this application' : 'This round has closed',
    state,
    closed: sayInstant(endOf(round)),
    because: round.closedEarlyBecause,
    deleted: sayDate(state === 'draft' ? draft : sent),
  })
}

export function required(actor: Actor | undefined): Actor {
  if (!actor) throw notFound()
  return actor
}

/** The application that a resident's browser has in hand. */
export function begunBy(actor: Actor | undefined): string | undefined {
  return actor?.roles.includes('resident') ? actor.id : undefined
}
