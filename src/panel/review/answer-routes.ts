import type { FastifyInstance, FastifyRequest } from 'fastify'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { clean, countCharacters, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { fieldsOf, staffOf, textOf } from '../recruitment/rounds/desk.ts'
import { reviewer, view } from './desk.ts'
import { topOf } from './needs.ts'
import { answersInHand, type ByAnswer, type ByReading, inHand, itemsFor } from './reader-desk.ts'
import { lastScored, ownReading, queueOf } from './reading.ts'
import { flag, knows, notesIn, score } from './score.ts'
import { criteriaOf } from './setup.ts'

/** One answer, or one application: scored, passed by, flagged, or given away by whoever may know the person. */
export async function answerRoutes(app: FastifyInstance, house: House): Promise<void> {
  const answerPage = async (request: FastifyRequest<ByAnswer>, by: Actor, typed?: string) => {
    const held = await answersInHand(house, by, request.params.reading)
    const { reading, review, questions } = held
    const question = questions.find(one => one.id === request.params.question)
    if (!question) throw notFound()
    const more = await within(house, { by, for: 'review applications' }, async tx => {
      const { criteria, version } = await criteriaOf(tx, review.round_id)
      return {
        queue: await queueOf(tx, by, review),
        criterion: criteria.find(one => one.question === question.id),
        last: await lastScored(tx, by, review.round_id),
        words: (await notesIn(tx, house, reading.dossier_id))[reading.id]?.[question.id] ?? '',
        kept: await tx
          .selectFrom('review_score')
          .select('value')
          .where('reading_id', '=', reading.id)
          .where('question', '=', question.id)
          .where('version', '=', version)
          .executeTakeFirst(),
      }
    })
    const isLast = more.last?.reading === reading.id && more.last.question === question.id
    return {
      title: question.title,
      back: `/staff/review/${review.round_id}/reading`,
      reading: reading.id,
      question: question.id,
      flagged: Boolean(reading.flagged_at),
      finished: reading.state !== 'assigned' && !isLast,
      answer: held.answers.get(question.id) || 'No answer was given.',
      left: more.queue.filter(item => !item.done).length,
      name: more.criterion?.name,
      words: more.words,
      last: isLast ? undefined : more.last,
      items: itemsFor(review, more.criterion?.values ?? [], more.kept, typed),
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
      return reply
        .code(422)
        .page(view('answer'), { ...(await answerPage(request, by, given)), words, ...refuse(faults) })
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
    const { reading, review, questions, answers } = await answersInHand(house, by, request.params.reading)
    const { scores, criteria, notes } = await within(house, { by, for: 'review applications' }, async tx => {
      const { version, criteria } = await criteriaOf(tx, review.round_id)
      const scores = await tx
        .selectFrom('review_score')
        .select(['question', 'value'])
        .where('reading_id', '=', reading.id)
        .where('version', '=', version)
        .execute()
      return { scores, criteria, notes: (await notesIn(tx, house, reading.dossier_id))[reading.id] ?? {} }
    })
    return reply.page(view('whole'), {
      title: 'One application',
      back: `/staff/review/${review.round_id}/reading`,
      reading: reading.id,
      finished: reading.state !== 'assigned',
      questions: questions.map(({ id, title }) => {
        const criterion = criteria.find(one => one.question === id)
        const kept = scores.find(one => one.question === id)
        const items = itemsFor(review, criterion?.values ?? [], kept)
        return {
          id,
          title,
          name: criterion?.name,
          answer: answers.get(id) || 'No answer was given.',
          words: notes[id] ?? '',
          items,
          said: items.find(one => one.checked)?.text,
        }
      }),
    })
  })
  app.post<ByReading>('/staff/review/readings/:reading/acquaintance', reviewer, async (request, reply) => {
    const by = staffOf(request)
    const { reading: id } = request.params
    const own = await within(house, { by, for: 'review applications' }, tx => ownReading(tx, by, id))
    if (!own) throw notFound()
    await knows(house, by, own.id)
    return reply.redirect(`/staff/review/${own.round_id}/next`, 303)
  })
  app.post<ByReading>('/staff/review/readings/:reading/flag', reviewer, async (request, reply) => {
    const held = await inHand(house, staffOf(request), request.params.reading)
    const question = textOf(fieldsOf(request.body), 'question')
    const known = /^[\w-]{1,64}$/.test(question) ? question : undefined
    await flag(house, staffOf(request), held.reading.id, known)
    return reply.redirect(`/staff/review/readings/${held.reading.id}${known ? `/${known}` : ''}`, 303)
  })
}
