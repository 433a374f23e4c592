import type { FastifyInstance, FastifyReply } from 'fastify'
import { refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { saveAnswers } from '../application.ts'
import { may } from '../permissions.ts'
import { isMarked, sensitiveIn, sentencesOn, without } from '../sensitive.ts'
import { type Answers, adjustmentsValue, answersValue } from '../values.ts'
import { isAsked, MOST_WORDS, ownNeeds } from './adjustments.ts'
import { atDesk } from './desk.ts'
import type { Desk } from './page.ts'
import { isChange } from './show.ts'
import { ownAnswers } from './skills.ts'

/**
 * [N-27] What free text seems to give away: keep it, change it, or move the words about health to the question about
 * support, which readers do not see. Nothing is blocked, and nothing is moved unless the person says so.
 */
export async function thinkRoutes(app: FastifyInstance, house: House): Promise<void> {
  const resident = { config: { may: may.ownApplication } }

  app.get('/apply/skills/think', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const page = await thinkPage(desk, isChange(request))
      return () => (page.kinds.length ? show(reply, page) : reply.redirect(page.next, 303))
    }),
  )
  app.post('/apply/skills/think', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const change = isChange(request)
      const after = change ? '/apply/adjustments?check=1' : '/apply/adjustments'
      if (await moveToSupport(desk)) return () => reply.redirect(after, 303)
      const page = await thinkPage(desk, change)
      const why = `Together with what you said there it is more than ${MOST_WORDS} characters: shorten it first`
      return () => show(reply.code(422), { ...page, ...refuse({ change: why }) })
    }),
  )
}

function show(reply: FastifyReply, page: object) {
  return reply.page('panel/recruitment/apply/think.njk', { title: 'Readers will see what you wrote', ...page })
}

async function thinkPage(desk: Desk, change: boolean) {
  const texts = Object.values(await ownAnswers(desk))
  const support = await isAsked(desk)
  return {
    kinds: [...new Set(texts.flatMap(sensitiveIn))],
    health: texts.flatMap(text => sentencesOn(text, 'health')),
    support,
    change,
    back: `/apply/skills${change ? '?check=1' : ''}`,
    next: support && !change ? '/apply/adjustments' : '/apply/check',
  }
}

/** Takes the sentences about health out of the answers and adds them to what would help; false when there is no room. */
async function moveToSupport(desk: Desk): Promise<boolean> {
  const { tx, house, by, application } = desk
  const answers = await ownAnswers(desk)
  const moved = Object.values(answers).flatMap(text => sentencesOn(text, 'health'))
  if (!moved.length || !(await isAsked(desk))) return true
  const needs = await ownNeeds(desk)
  const words = [needs?.words, ...moved].filter(Boolean).join('\n')
  if (words.length > MOST_WORDS) return false
  const left: Answers = Object.fromEntries(
    Object.entries(answers)
      .map(([question, text]) => [question, without(text, 'health')])
      .filter(([, text]) => text),
  )
  const values = {
    answers: Object.keys(left).length ? answersValue.write(left) : undefined,
    adjustments: adjustmentsValue.write({ ticked: needs?.ticked ?? [], words }),
  }
  await saveAnswers(tx, house, by, application, 'skills', values, { markedSpecial: isMarked(Object.values(left)) })
  return true
}
