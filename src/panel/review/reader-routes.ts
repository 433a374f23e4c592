import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound, unprocessable } from '#src/platform/web/errors.ts'
import { clean, countCharacters, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { councils } from '../recruitment/councils.ts'
import { type Round, roundById } from '../recruitment/round.ts'
import { fieldsOf, staffOf, textOf } from '../recruitment/rounds/desk.ts'
import { type ByRound, crumbs, reviewer, scaleWords, view } from './desk.ts'
import { declareInterests } from './interests.ts'
import { topOf } from './needs.ts'
import { answersIn, flag, knows, queueOf, readingInHand, score } from './reading.ts'
import { override, overrideReasons, readingBlind } from './running.ts'
import { samples } from './samples.ts'
import { criteriaOf, type Review, readersOf, reviewOf } from './setup.ts'

type ByReading = { Params: { reading: string } }
type ByAnswer = { Params: { reading: string; question: string } }

/** The reviewer's side: declare, score samples, then read one answer after another, or an application at a time. */
export async function readerRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get<ByRound>('/staff/review/:round/reading', reviewer, async (request, reply) => {
    const by = staffOf(request)
    const shown = await asReader(house, request, async (tx, round, review, me) => {
      const queue = me.declared_at ? await queueOf(tx, by, review) : []
      const scored = await tx
        .selectFrom('review_sample')
        .selectAll()
        .where('round_id', '=', round.id)
        .where('reader', '=', by.id)
        .execute()
      const landlords = me.declared_at
        ? []
        : await tx.selectFrom('landlord').select(['id', 'name']).orderBy('name').execute()
      return { round, review, me, queue, scored: scored.length, landlords }
    })
    const { review, me, queue, round } = shown
    const { criteria, because } = await asReader(house, request, tx => criteriaOf(tx, round.id))
    const readings = [...new Set(queue.map(item => item.reading))]
    const blind = await readingBlind(house, by)
    return reply.page(view('reading'), {
      title: `Read for ${round.name}`,
      crumbs,
      round,
      because,
      declared: Boolean(me.declared_at),
      samplesLeft: review.calibrating_at && !review.opened_at ? samples.length - shown.scored : 0,
      open: Boolean(review.opened_at),
      over: house.clock.now() >= review.deadline,
      deadline: sayInstant(review.deadline),
      left: queue.filter(item => !item.done).length,
      readings: readings.map((id, at) => ({
        id,
        number: at + 1,
        left: queue.filter(item => item.reading === id && !item.done).length,
      })),
      blind: blind.some(one => one.round === round.id),
      reasons: Object.entries(overrideReasons).map(([value, text]) => ({ value, text })),
      guide: criteria.map(one => ({
        name: one.name,
        values: scaleWords[review.scale].map(({ value, text }) => ({ text, says: one.values[value - 1] })),
      })),
      landlords: shown.landlords.map(one => ({ value: one.name, text: one.name })),
      councils: [{ value: '', text: '' }, ...councils.map(one => ({ value: one.code, text: one.name }))],
    })
  })
  app.post<ByRound>('/staff/review/:round/interests', reviewer, async (request, reply) => {
    const { round } = await asReader(house, request, async (_tx, found) => ({ round: found }))
    const fields = fieldsOf(request.body)
    const texts = (field: string) =>
      [fields[field]].flat().flatMap(one => (typeof one === 'string' && one ? [one] : []))
    await declareInterests(house, staffOf(request), round.id, {
      landlords: texts('landlords').slice(0, 2000),
      areas: texts('areas').slice(0, 400),
    })
    return reply.redirect(`/staff/review/${round.id}/reading`, 303)
  })
  app.post<ByRound>('/staff/review/:round/override', reviewer, async (request, reply) => {
    const { round } = await asReader(house, request, async (_tx, found) => ({ round: found }))
    const because = Object.keys(overrideReasons).find(one => one === textOf(fieldsOf(request.body), 'because'))
    if (!because) throw unprocessable('Select why you look now')
    await override(house, staffOf(request), round.id, because as keyof typeof overrideReasons) // the checked edge
    return reply.redirect(`/staff/review/${round.id}/reading`, 303)
  })

  app.get<ByRound>('/staff/review/:round/samples', reviewer, async (request, reply) => {
    const shown = await asReader(house, request, async (tx, round, review) => {
      const rows = await tx
        .selectFrom('review_sample')
        .selectAll()
        .where('round_id', '=', round.id)
        .where('reader', '=', staffOf(request).id)
        .execute()
      return { round, review, rows, ...(await criteriaOf(tx, round.id)) }
    })
    if (!shown.review.calibrating_at) throw notFound()
    return reply.page(view('samples'), {
      title: 'Score five samples',
      back: `/staff/review/${shown.round.id}/reading`,
      round: shown.round,
      samples: samples.map((text, at) => ({
        text,
        number: at + 1,
        items: scaleWords[shown.review.scale].map(one => ({
          ...one,
          checked: shown.rows.some(row => row.sample === at + 1 && row.value === one.value),
        })),
      })),
    })
  })
  app.post<ByRound>('/staff/review/:round/samples/scores', reviewer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const round = await asReader(house, request, async (tx, found, review) => {
      for (let sample = 1; sample <= samples.length; sample++) {
        const value = Number(textOf(fields, `sample${sample}`))
        if (!Number.isInteger(value) || value < 1 || value > topOf(review.scale)) continue
        const row = { round_id: found.id, reader: staffOf(request).id, sample, value }
        await tx
          .insertInto('review_sample')
          .values(row)
          .onConflict(on => on.columns(['round_id', 'reader', 'sample']).doUpdateSet({ value }))
          .execute()
      }
      return found
    })
    return reply.redirect(`/staff/review/${round.id}/reading`, 303)
  })

  app.get<ByRound>('/staff/review/:round/next', reviewer, async (request, reply) => {
    const { next, round } = await asReader(house, request, async (tx, found, review, me) => {
      const queue = me.declared_at ? await queueOf(tx, staffOf(request), review) : []
      return { next: queue.find(item => !item.done), round: found }
    })
    const to = next ? `/staff/review/readings/${next.reading}/${next.question}` : `/staff/review/${round.id}/reading`
    return reply.redirect(to, 303)
  })

  const answerPage = async (request: FastifyRequest<ByAnswer>, by: Actor) => {
    const held = await inHand(house, by, request.params.reading)
    const { questions, answers } = await answersIn(house, by, held.reading)
    const question = questions.find(one => one.id === request.params.question)
    if (!question) throw notFound()
    const more = await within(house, { by, for: 'review applications' }, async tx => {
      const queue = await queueOf(tx, by, held.review)
      const { criteria } = await criteriaOf(tx, held.review.round_id)
      const row = await tx
        .selectFrom('review_score')
        .select('value')
        .where('reading_id', '=', held.reading.id)
        .where('question', '=', question.id)
        .executeTakeFirst()
      return {
        left: queue.filter(item => !item.done).length,
        criterion: criteria.find(one => one.question === question.id),
        kept: row,
      }
    })
    const values = more.criterion?.values ?? []
    return {
      title: question.title,
      back: `/staff/review/${held.review.round_id}/reading`,
      reading: held.reading.id,
      question: question.id,
      flagged: Boolean(held.reading.flagged_at),
      answer: answers.get(question.id) || 'No answer was given.',
      left: more.left,
      name: more.criterion?.name,
      items: itemsFor(held.review, values, more.kept),
    }
  }
  app.get<ByAnswer>('/staff/review/readings/:reading/:question', reviewer, async (request, reply) =>
    reply.page(view('answer'), await answerPage(request, staffOf(request))),
  )
  app.post<ByAnswer>('/staff/review/readings/:reading/:question', reviewer, async (request, reply) => {
    const by = staffOf(request)
    const fields = fieldsOf(request.body)
    const given = textOf(fields, 'score')
    const words = clean(textOf(fields, 'words'))
    const held = await inHand(house, by, request.params.reading)
    const value = given === 'abstain' ? null : Number(given || Number.NaN)
    const faults: Record<string, string> = {}
    if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= topOf(held.review.scale)))
      faults.score = 'Select a score, or choose not to score this answer'
    if (countCharacters(words) > 500) faults.words = 'Your reason must be 500 characters or fewer'
    if (Object.keys(faults).length)
      return reply.code(422).page(view('answer'), { ...(await answerPage(request, by)), words, ...refuse(faults) })
    const why = await score(house, by, held.reading.id, request.params.question, value, words)
    if (why) throw forbidden(why)
    const whole = textOf(fields, 'from') === 'whole'
    return reply.redirect(
      whole ? `/staff/review/readings/${held.reading.id}` : `/staff/review/${held.review.round_id}/next`,
      303,
    )
  })

  app.get<ByReading>('/staff/review/readings/:reading', reviewer, async (request, reply) => {
    const by = staffOf(request)
    const { reading, review } = await inHand(house, by, request.params.reading)
    const { questions, answers } = await answersIn(house, by, reading)
    const { scores, criteria } = await within(house, { by, for: 'review applications' }, async tx => ({
      scores: await tx
        .selectFrom('review_score')
        .select(['question', 'value'])
        .where('reading_id', '=', reading.id)
        .execute(),
      ...(await criteriaOf(tx, review.round_id)),
    }))
    return reply.page(view('whole'), {
      title: 'One application',
      back: `/staff/review/${review.round_id}/reading`,
      reading: reading.id,
      finished: reading.state !== 'assigned',
      questions: questions.map(({ id, title }) => ({
        id,
        title,
        answer: answers.get(id) || 'No answer was given.',
        items: itemsFor(
          review,
          criteria.find(one => one.question === id)?.values ?? [],
          scores.find(one => one.question === id),
        ),
      })),
    })
  })
  app.post<ByReading>('/staff/review/readings/:reading/acquaintance', reviewer, async (request, reply) => {
    const held = await inHand(house, staffOf(request), request.params.reading)
    await knows(house, staffOf(request), held.reading.id)
    return reply.redirect(`/staff/review/${held.review.round_id}/next`, 303)
  })
  app.post<ByReading>('/staff/review/readings/:reading/flag', reviewer, async (request, reply) => {
    const held = await inHand(house, staffOf(request), request.params.reading)
    await flag(house, staffOf(request), held.reading.id)
    const back = textOf(fieldsOf(request.body), 'question')
    return reply.redirect(
      /^[\w-]{1,64}$/.test(back)
        ? `/staff/review/readings/${held.reading.id}/${back}`
        : `/staff/review/readings/${held.reading.id}`,
      303,
    )
  })
}

function itemsFor(review: Review, values: readonly string[], kept: { value: number | null } | undefined) {
  return [
    ...scaleWords[review.scale].map(({ value, text }) => ({
      value,
      text,
      hint: { text: values[value - 1] },
      checked: kept?.value === value,
    })),
    { divider: 'or' },
    {
      value: 'abstain',
      text: 'I would rather not score this answer',
      checked: kept !== undefined && kept.value === null,
    },
  ]
}

async function inHand(house: House, by: Actor, id: string) {
  const held = await within(house, { by, for: 'review applications' }, tx => readingInHand(tx, house, by, id))
  if (held === undefined) throw notFound()
  if (typeof held === 'string') throw forbidden(held)
  return held
}

/** Runs `work` for a reviewer of the round; for anyone else there is no such page. */
function asReader<T>(
  house: House,
  request: FastifyRequest<ByRound>,
  work: (tx: Tx, round: Round, review: Review, me: Awaited<ReturnType<typeof readersOf>>[number]) => Promise<T>,
): Promise<T> {
  const by = staffOf(request)
  return within(house, { by, for: 'review applications' }, async tx => {
    const round = await roundById(tx, request.params.round)
    const review = round && (await reviewOf(tx, round.id))
    const me = round && (await readersOf(tx, round.id)).find(one => one.reader === by.id)
    if (!round || !review || !me) throw notFound()
    return work(tx, round, review, me)
  })
}
