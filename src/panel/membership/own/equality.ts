import type { FastifyInstance } from 'fastify'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { equalityRoutes } from '../../recruitment/apply/equality.ts'
import { mine } from '../me-routes.ts'
import { memberOf } from '../members.ts'
import { may } from '../permissions.ts'
import { noteCheck } from './checks.ts'

/** The equality question once more, for members: they may answer it anew, or leave it as it was. */
export function myEqualityRoutes(app: FastifyInstance, house: House): Promise<void> {
  return equalityRoutes<{ tx: Tx; me: Actor }>(app, {
    base: '/me',
    title: 'Equality question',
    hint: 'This question is optional. What you answered when you applied stays as it is unless you answer again.',
    after: '/me/membership',
    may: may.answerEquality,
    at: async (request, _reply, work) => {
      const show = await mine(house, request, async (tx, me) => {
        if (!(await memberOf(tx, me.id))) throw notFound()
        return work({ tx, me })
      })
      return show()
    },
    isAsked: async ({ tx }) => (await gateOn(tx, londonDate(house.clock.now()))).ethnicity,
    save: async ({ tx, me }, ethnicity) => {
      await house.vault.put(tx, me, 'panel', me.id, { ethnicity })
      await noteCheck(tx, house, me.id, 'equality')
    },
    skip: ({ tx, me }) => noteCheck(tx, house, me.id, 'equality'),
  })
}
