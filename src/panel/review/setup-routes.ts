import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addDays } from '#src/platform/calendar/dates.ts'
import { readDay } from '#src/platform/calendar/day.ts'
import { londonDate, londonInstant } from '#src/platform/calendar/london.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Question } from '../recruitment/round.ts'
import { questionsOf } from '../recruitment/round.ts'
import { fieldsOf, staffOf, textOf } from '../recruitment/rounds/desk.ts'
import { assignIn } from './assign.ts'
import { type ByRound, crumbs, officer, onRound, type Reviewers, scaleWords, view } from './desk.ts'
import { topOf } from './needs.ts'
import { leave, leaveIn, openQueue, startCalibration } from './running.ts'
import { CannotPlan, criteriaOf, planReview, type ReviewPlan, readersOf, reviewOf } from './setup.ts'

const usual = {
  three: [
    'Does not answer, or breaks the rules of the panel',
    'Answers in part: someone else should read it too',
    'Tells us something that the panel would gain from',
  ],
  five: [
    'Does not answer',
    'Answers in a small part',
    'Answers',
    'Answers, with something the panel would gain from',
    'Tells us much that the panel would gain from',
  ],
}

/** The officer sets the review of a closed round up, gives out samples, opens the queue, and lets reviewers go. */
export async function setupRoutes(app: FastifyInstance, house: House, reviewers: Reviewers): Promise<void> {
  const show = async (
    request: FastifyRequest<ByRound>,
    reply: FastifyReply,
    more: { typed?: Typed; notice?: string } = {},
  ) => {
    const shown = await onRound(house, request, async (tx, by, round) => {
      const review = await reviewOf(tx, round.id)
      const people = await reviewers(tx, house, by)
      const held = new Set((await readersOf(tx, round.id)).map(one => one.reader))
      return {
        round,
        review,
        people,
        held,
        questions: await questionsOf(tx, round.id),
        ...(await criteriaOf(tx, round.id)),
      }
    })
    const { review, round, questions, typed } = { ...shown, ...more }
    const scale = (typed ? textOf(typed, 'scale') : review?.scale) === 'five' ? 'five' : 'three'
    const chosen = typed ? [typed.readers].flat() : [...shown.held]
    return reply.page(view('set-up'), {
      title: `Set up the review of ${round.name}`,
      crumbs,
      round,
      review,
      scale,
      version: shown.version,
      values: typed ?? {
        readings: review?.readings ?? (scale === 'three' ? 1 : 2),
        cap: review?.cap ?? 300,
        deadline: londonDate(review?.deadline ?? new Date(`${addDays(londonDate(house.clock.now()), 21)}T12:00:00Z`)),
      },
      begun: Boolean(review?.opened_at),
      people: shown.people.map(one => ({
        value: one.id,
        text: one.name,
        checked: chosen.includes(one.id) || (!typed && !review),
      })),
      questions: questions.map(({ id, title }, at) => criterionShown(id, title, at, scale, shown.criteria, typed)),
      ...more,
    })
  }
  app.get<ByRound>('/staff/review/:round/set-up', officer, (request, reply) => show(request, reply))
  app.post<ByRound>('/staff/review/:round/set-up', officer, async (request, reply) => {
    const typed = fieldsOf(request.body)
    if (isTurned(typed))
      return show(request, reply, { typed, notice: 'Nothing is saved yet. Check what each score means, then save.' })
    try {
      await onRound(house, request, async (tx, by, round) => {
        const known = new Set((await reviewers(tx, house, by)).map(one => one.id))
        const plan = readPlan(typed, await questionsOf(tx, round.id), known)
        const before = await readersOf(tx, round.id)
        await planReview(tx, house, by, round.id, plan)
        for (const { reader } of before)
          if (!plan.readers.includes(reader)) await leaveIn(tx, house, by, round.id, reader)
        await assignIn(tx, house, by, round.id)
      })
    } catch (error) {
      if (!(error instanceof CannotPlan)) throw error
      return show(request, reply.code(422), { typed, ...refuse(error.faults) })
    }
    return reply.redirect(`/staff/review/${request.params.round}`, 303)
  })
  app.post<ByRound>('/staff/review/:round/samples', officer, async (request, reply) => {
    const round = await onRound(house, request, async (_tx, _by, found) => found)
    await startCalibration(house, staffOf(request), round.id)
    return reply.redirect(`/staff/review/${round.id}`, 303)
  })
  app.post<ByRound>('/staff/review/:round/opening', officer, async (request, reply) => {
    const round = await onRound(house, request, async (_tx, _by, found) => found)
    await openQueue(house, staffOf(request), round.id)
    return reply.redirect(`/staff/review/${round.id}`, 303)
  })
  app.post<ByRound>('/staff/review/:round/leavers', officer, async (request, reply) => {
    const round = await onRound(house, request, async (_tx, _by, found) => found)
    await leave(house, staffOf(request), round.id, textOf(fieldsOf(request.body), 'reader'))
    return reply.redirect(`/staff/review/${round.id}`, 303)
  })
}

type Typed = { [field: string]: unknown }

/** Whether another scale is chosen than the one whose scores the page explains: then their fields are shown first. */
function isTurned(typed: Typed): boolean {
  const [shown, chosen] = [textOf(typed, 'shown'), textOf(typed, 'scale')]
  return Boolean(shown && chosen && shown !== chosen)
}

function criterionShown(
  id: string,
  title: string,
  at: number,
  scale: 'three' | 'five',
  criteria: ReviewPlan['criteria'],
  typed?: Typed,
) {
  const number = at + 1
  const turned = typed !== undefined && isTurned(typed)
  const kept = criteria.find(one => one.question === id)
  const own = kept?.values.length === topOf(scale) ? kept.values : usual[scale]
  return {
    number,
    title,
    name: typed ? textOf(typed, `name${number}`) : (kept?.name ?? title),
    weight: typed ? textOf(typed, `weight${number}`) : (kept?.weight ?? 1),
    values: scaleWords[scale].map(({ value, text }) => ({
      field: `value${number}-${value}`,
      label: text,
      value: (typed && textOf(typed, `${turned ? 'kept' : 'value'}${number}-${value}`)) || own[value - 1],
    })),
    // What was typed for the other scale, so that nothing is lost by looking at this one.
    kept: scaleWords[scale === 'five' ? 'three' : 'five'].map(({ value }) => ({
      field: `kept${number}-${value}`,
      value: typed ? textOf(typed, `${turned ? 'value' : 'kept'}${number}-${value}`) : '',
    })),
  }
}

function readPlan(typed: Typed, questions: readonly Question[], known: ReadonlySet<string>): ReviewPlan {
  const number = (field: string) => Number(textOf(typed, field) || Number.NaN)
  const scale = (textOf(typed, 'scale') || textOf(typed, 'shown')) === 'five' ? 'five' : 'three'
  const deadline = londonInstant(readDay(textOf(typed, 'deadline')) ?? '', '23:59') ?? new Date(Number.NaN)
  const readers = [typed.readers].flat().filter(one => typeof one === 'string' && known.has(one)) as string[] // the checked edge
  return {
    scale,
    readings: number('readings'),
    cap: number('cap'),
    deadline,
    readers,
    because: clean(textOf(typed, 'because')).slice(0, 500),
    criteria: questions.map(({ id, title }, at) => ({
      question: id,
      name: clean(textOf(typed, `name${at + 1}`)).slice(0, 200) || title,
      weight: number(`weight${at + 1}`),
      values: [...scaleWords[scale]]
        .reverse()
        .map(
          ({ value }) =>
            clean(textOf(typed, `value${at + 1}-${value}`)).slice(0, 300) || (usual[scale][value - 1] ?? ''),
        ),
    })),
  }
}
