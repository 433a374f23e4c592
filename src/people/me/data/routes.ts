import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sayDate } from '#src/platform/calendar/london.ts'
import { type House, within } from '#src/promises/house.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { stopEquality } from '#src/promises/rights/act.ts'
import { accessCopy } from '#src/promises/rights/copy.ts'
import { ownRequests } from '#src/promises/rights/own.ts'
import { eightRights, matters } from '#src/promises/rights/rights.ts'
import { askRoutes } from './asks.ts'
import { byPurpose, sharedWith } from './by-purpose.ts'
import { standsOf, whereToChange } from './change.ts'
import { ownCopyRoutes } from './copy.ts'
import { few, known, onMine, resident } from './mine.ts'
import { saidRequest } from './requests.ts'
import { said } from './words.ts'

/** Shows someone what is held about them; a form that is refused shows it again with what was typed. */
export type ShowData = (request: FastifyRequest, reply: FastifyReply, more?: object) => Promise<unknown>

/**
 * Everything held about the person who is signed in, in plain words and by purpose; their requests and how they stand; a copy
 * to take away; and every right, asked for here. It works for a record that is set aside, too.
 */
export async function dataRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show: ShowData = async (request, reply, more = {}) => {
    const by = known(request)
    const { copy, requests } = await onMine(house, request, async tx => ({
      copy: await accessCopy(tx, house, by, by.id),
      requests: await ownRequests(tx, house, by.id),
    }))
    if (!copy) return reply.page('people/me/nothing.njk', { title: 'You have no application' })
    const stands = await within(house, { by, for: 'administer the panel' }, tx => standsOf(tx, house, by.id))
    const isRestricted = (await house.vault.record(by.id))?.restricted === true
    const deleted = sayDate(copy.record.deletedOn)
    return reply.page('people/me/data/data.njk', {
      title: 'What we hold about you',
      back: '/me',
      deleted,
      says: copy.record.says,
      isRestricted,
      requests: requests.map(one => saidRequest(one, house.clock.now())),
      ...sharedWith(copy),
      isOpened: copy.openings.length > 0,
      purposes: byPurpose(copy).map(one => ({
        ...one,
        own: one.own.map(value => ({
          ...value,
          shown: said(value.field, value.value),
          change: whereToChange(value.field, stands),
        })),
      })),
      hasEquality: copy.values.some(one => one.field === 'ethnicity'),
      hasEmail: copy.values.some(one => one.field === 'email'),
      rights: eightRights.map(value => ({ value, text: matters[value].says })),
      contact,
      typed: {},
      ...more,
    })
  }
  app.get('/me/data', resident, (request, reply) => show(request, reply))

  app.post('/me/data/equality', few, async (request, reply) => {
    await onMine(house, request, (tx, by) => stopEquality(tx, house, by, by.id))
    return reply.redirect('/me/data', 303)
  })

  await askRoutes(app, house, show)
  await ownCopyRoutes(app, house)
}
