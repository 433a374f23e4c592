import type { FastifyInstance } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { forbidden } from '#src/platform/web/errors.ts'
import { type House, within } from '../house.ts'
import { type Actor, system } from '../notice/actor.ts'
import { type Evidence, evidenceOf, type State } from './evidence.ts'
import { figuresOf } from './figures.ts'
import { may } from './permissions.ts'
import { lastResults, sourceFingerprint } from './results.ts'

const states: readonly State[] = ['broken', 'not built yet', 'kept with a point to settle', 'kept', 'recorded']
const tags: Record<State, { text: string; classes: string }> = {
  kept: { text: 'Kept', classes: 'govuk-tag--green' },
  'kept with a point to settle': { text: 'Kept, with a point to settle', classes: 'govuk-tag--yellow' },
  recorded: { text: 'Recorded', classes: 'govuk-tag--blue' },
  broken: { text: 'Broken', classes: 'govuk-tag--red' },
  'not built yet': { text: 'Not built yet', classes: 'govuk-tag--grey' },
}
const fingerprint = sourceFingerprint()

/** Everything that stands behind the clauses, as it is now. */
export async function gather(
  house: House,
  by: Actor,
): Promise<{ at: string | undefined; stale: boolean; all: Evidence[] }> {
  const results = lastResults(fingerprint)
  const figures = await within(house, { by, for: 'store' }, tx => figuresOf(tx, house))
  return {
    at: results?.at,
    stale: results !== undefined && results.source !== fingerprint,
    all: evidenceOf(results, fingerprint, figures),
  }
}

/** The evidence page, clause by clause, and a short form of it for everyone. */
export async function evidenceRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/staff/protection/evidence', { config: { may: may.seeEvidence } }, async (request, reply) => {
    const by = request.actor
    if (!by) throw forbidden()
    const shown = await gather(house, by)
    return reply.page('promises/evidence/evidence.njk', {
      title: 'Evidence for every promise',
      back: '/staff/protection',
      wide: true,
      ...page(shown),
    })
  })
  app.get('/notice/evidence', { config: { may: 'anyone' } }, async (_request, reply) => {
    const shown = await gather(house, system('web'))
    return reply.page('promises/evidence/public.njk', {
      title: 'How we keep these promises',
      back: '/notice',
      ...page(shown),
    })
  })
}

function page({ at, stale, all }: Awaited<ReturnType<typeof gather>>) {
  return {
    tested: at && sayInstant(new Date(at)),
    stale,
    counts: states.map(state => ({ ...tags[state], count: all.filter(one => one.state === state).length })),
    all: all.map(one => ({ ...one, tag: tags[one.state], passed: one.tests.filter(test => test.passed).length })),
  }
}
