import type { FastifyInstance } from 'fastify'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { noticeInForce } from '#src/promises/publishing/version.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { adjustments, ageRanges, channels, ethnicGroups, genders, tenancies } from '../options.ts'
import { may } from '../permissions.ts'
import { endOf, expiriesOf, openRound, questionsOf } from '../round.ts'
import { showClosed } from './closed.ts'

/** How many characters a hand writes on one line. */
const A_LINE = 70

/** The application form on paper, also in large print: every choice to tick, lines to write on, and what we do with it. */
export async function printRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/apply/print', { config: { may: may.apply } }, async (request, reply) => {
    const form = await within(house, { by: system('recruitment'), for: 'administer the panel' }, async tx => {
      const round = await openRound(tx, house.clock.now())
      const notice = await noticeInForce(tx)
      if (!round || !notice) return undefined
      const gate = await gateOn(tx, londonDate(house.clock.now()))
      return { round, noticeVersion: notice.version, gate, questions: await questionsOf(tx, round.id) }
    })
    if (!form) return showClosed(house, reply)
    const large = typeof request.query === 'object' && request.query !== null && 'large' in request.query
    return reply.page('panel/recruitment/apply/print.njk', {
      ...form,
      title: 'Application form to print',
      back: '/apply',
      questions: form.questions.map(one => ({ ...one, lines: lines(one.mostCharacters) })),
      closes: sayInstant(endOf(form.round)),
      deleted: sayDate(expiriesOf(form.round).sent),
      contact,
      large,
      choices: {
        channels: Object.values(channels),
        tenancies: Object.values(tenancies),
        ageRanges: Object.values(ageRanges),
        genders: Object.values(genders),
        adjustments: Object.values(adjustments),
        ethnicGroups: Object.values(ethnicGroups).map(({ label, backgrounds }) => ({
          label,
          backgrounds: Object.values(backgrounds),
        })),
      },
    })
  })
}

/** Enough lines for a long answer, without a page that frightens. */
function lines(characters: number): number[] {
  return Array.from({ length: Math.min(16, Math.max(4, Math.ceil(characters / A_LINE))) }, (_, at) => at)
}
