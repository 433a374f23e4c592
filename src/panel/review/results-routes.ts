import type { FastifyInstance } from 'fastify'
import { notFound } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { adjustedMeans, type Given, ranks } from './adjusted.ts'
import { type ByRound, crumbs, officer, onRound, scaleWords, view } from './desk.ts'
import { effectOf } from './effect.ts'
import { topOf } from './needs.ts'
import { meanOf, type Result, resultsOf } from './results.ts'
import { reviewOf } from './setup.ts'
import { readRule, sayRule, shortlisted } from './shortlist.ts'

const manyReadings = 15
const mostSplits = 100

/** What the readings came to: raw figures, and what a shortlist rule would do before it is applied. */
export async function resultsRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get<ByRound>('/staff/review/:round/results', officer, async (request, reply) => {
    const asked = fieldsOf(request.query)
    const page = pageOf(request.query, 50)
    const shown = await onRound(house, request, async (tx, _by, round) => {
      const review = await reviewOf(tx, round.id)
      if (!review) throw notFound()
      return { round, review, ...(await resultsOf(tx, review)) }
    })
    const { review, readers, results } = shown
    const top = topOf(review.scale)
    const named = readRule(asked)
    const rule = named && named.least <= top ? named : undefined
    const wrong = asked.least !== undefined && !rule
    const chosen = rule ? shortlisted(results, rule) : []
    const counts = [...Map.groupBy(shown.given, one => one.reader).values()].map(own => own.length)
    const ranked = counts.length > 1 && counts.every(count => count >= manyReadings)
    const means = results.flatMap(one => (one.mean === undefined ? [] : [one.mean]))
    const splits = results.filter(one => one.split)
    return reply.code(wrong ? 422 : 200).page(view('results'), {
      title: `Results of ${shown.round.name}`,
      crumbs: [...crumbs, { text: shown.round.name, href: `/staff/review/${shown.round.id}` }],
      wide: true,
      round: shown.round,
      distribution: scaleWords[review.scale].map(word => ({
        text: word.text,
        count: shown.distribution.find(one => one.value === word.value)?.count ?? 0,
      })),
      readers: readers.map(one => ({ ...one, mean: one.mean?.toFixed(2), spread: one.spread?.toFixed(2) })),
      mean: meanOf(means)?.toFixed(2),
      top,
      comparable: ranked,
      places: ranked ? placesOf(shown).slice(page.from, page.from + page.size) : [],
      pages: ranked ? pagination(page, means.length, number => `?page=${number}#places`) : undefined,
      splits: splits.slice(0, mostSplits).map(one => ({ ...one, mean: one.mean?.toFixed(2) })),
      moreSplits: Math.max(0, splits.length - mostSplits),
      rule,
      says: rule && sayRule(rule),
      least: wrong ? textOf(asked, 'least') : (rule?.least ?? 2),
      kind: textOf(asked, 'kind') || 'mean',
      chosen: chosen.length,
      unread: results.filter(one => one.waiting > 0 || !one.readings).length,
      effect: rule
        ? await effectOf(
            house,
            review.seed,
            results.map(one => one.id),
            chosen,
          )
        : [],
      ...(wrong ? refuse({ least: `The least must be a number from 1 to ${top}` }) : {}),
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
