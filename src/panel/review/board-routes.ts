import type { FastifyInstance } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { adjustedMeans, type Given, ranks } from './adjusted.ts'
import { panelOf, whyShort } from './assign.ts'
import { type ByRound, crumbs, officer, onRound, type Reviewers, scaleWords, view } from './desk.ts'
import { meanOf, type Result, resultsOf } from './results.ts'
import { samples } from './samples.ts'
import { reviewOf } from './setup.ts'
import { effectOf, type Rule, shortlisted } from './shortlist.ts'
import { spread } from './spread.ts'

const manyReadings = 15

/** The officer's board: how far reading has come, what it came to, and what a rule would do. */
export async function boardRoutes(app: FastifyInstance, house: House, reviewers: Reviewers): Promise<void> {
  app.get<ByRound>('/staff/review/:round', officer, async (request, reply) => {
    const shown = await onRound(house, request, async (tx, by, round) => {
      const review = await reviewOf(tx, round.id)
      if (!review) throw notFound()
      const names = new Map((await reviewers(tx, house, by)).map(one => [one.id, one.name]))
      const scored = await tx.selectFrom('review_sample').selectAll().where('round_id', '=', round.id).execute()
      const panel = await panelOf(tx, review)
      const { short } = spread(panel, review.seed)
      return { round, review, names, scored, why: whyShort(panel, short), ...(await resultsOf(tx, review)) }
    })
    const { review, results } = shown
    const over = house.clock.now() >= review.deadline
    const count = (test: (one: Result) => unknown) => results.filter(test).length
    return reply.page(view('board'), {
      title: `Review of ${shown.round.name}`,
      crumbs,
      wide: true,
      round: shown.round,
      review,
      why: shown.why,
      over,
      deadline: sayInstant(review.deadline),
      tiles: [
        { count: results.length, says: 'applications' },
        { count: count(one => one.readings > 0 && one.waiting === 0), says: 'read' },
        { count: count(one => one.waiting > 0), says: 'to read' },
        { count: count(one => one.split), says: 'split' },
        { count: count(one => one.flagged), says: 'flagged' },
      ],
      readers: shown.readers.map(one => ({
        ...one,
        name: shown.names.get(one.reader) ?? `Reviewer ${one.number}`,
        overdue: over && one.assigned > 0,
      })),
      samples: samples.map((text, at) => {
        const values = shown.scored.filter(row => row.sample === at + 1)
        return {
          text,
          scores: shown.readers.map(one => values.find(row => row.reader === one.reader)?.value ?? '–'),
          spread: values.length
            ? Math.max(...values.map(row => row.value)) - Math.min(...values.map(row => row.value))
            : 0,
        }
      }),
    })
  })

  app.get<ByRound>('/staff/review/:round/results', officer, async (request, reply) => {
    const rule = ruleIn(fieldsOf(request.query))
    const page = pageOf(request.query, 50)
    const shown = await onRound(house, request, async (tx, _by, round) => {
      const review = await reviewOf(tx, round.id)
      if (!review) throw notFound()
      return { round, review, ...(await resultsOf(tx, review)) }
    })
    const { review, readers, results } = shown
    const chosen = rule ? shortlisted(results, rule) : []
    const counts = [...Map.groupBy(shown.given, one => one.reader).values()].map(own => own.length)
    const ranked = counts.length > 1 && counts.every(count => count >= manyReadings)
    const means = results.flatMap(one => (one.mean === undefined ? [] : [one.mean]))
    return reply.page(view('results'), {
      title: `Results of ${shown.round.name}`,
      crumbs: [...crumbs, { text: shown.round.name, href: `/staff/review/${shown.round.id}` }],
      wide: true,
      round: shown.round,
      scale: scaleWords[review.scale],
      distribution: shown.distribution
        .filter(one => scaleWords[review.scale].some(word => word.value === one.value))
        .map(one => ({ ...one, text: scaleWords[review.scale].find(word => word.value === one.value)?.text })),
      readers: readers.map(one => ({ ...one, mean: one.mean?.toFixed(2), spread: one.spread?.toFixed(2) })),
      mean: meanOf(means)?.toFixed(2),
      comparable: ranked,
      places: ranked ? placesOf(shown).slice(page.from, page.from + page.size) : [],
      pages: ranked ? pagination(page, means.length, number => `?page=${number}#places`) : undefined,
      rule,
      chosen: chosen.length,
      unread: results.filter(one => one.waiting > 0 || !one.readings).length,
      effect: rule
        ? await effectOf(
            house,
            results.map(one => one.id),
            chosen,
          )
        : [],
    })
  })
}

/** Raw places, and beside them the places if all readers were equally strict. */
function placesOf({ results, given }: { results: Result[]; given: Given[] }) {
  const rawPlaces = ranks(
    new Map(results.flatMap(one => (one.mean === undefined ? [] : [[one.id, one.mean] as const]))),
  )
  const adjusted = ranks(adjustedMeans(given))
  return results
    .filter(one => rawPlaces.has(one.id))
    .map(one => ({
      ...one,
      says: one.mean?.toFixed(2),
      place: rawPlaces.get(one.id) ?? 0,
      other: adjusted.get(one.id),
    }))
    .sort((one, other) => one.place - other.place)
}

/** The rule that the address names. */
export function ruleIn(fields: { [field: string]: unknown }): Rule | undefined {
  const least = Number(textOf(fields, 'least') || Number.NaN)
  if (!(least >= 1 && least <= 5)) return undefined
  return { kind: textOf(fields, 'kind') === 'each' ? 'each' : 'mean', least }
}
