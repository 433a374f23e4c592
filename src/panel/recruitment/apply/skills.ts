import { clean, countCharacters, refuse } from '#src/platform/web/form.ts'
import { isMarked, sensitiveIn } from '../sensitive.ts'
import { type Answers, answersValue } from '../values.ts'
import { recallOwn } from './own.ts'
import { type Desk, page } from './page.ts'

export const skills = page({
  path: 'skills',
  title: 'Your skills and experience',
  template: 'skills',
  recall: async desk => {
    const held = await ownAnswers(desk)
    return Object.fromEntries(desk.questions.map((question, at) => [`answer${at + 1}`, held[question.id]]))
  },
  view: async desk => ({
    questions: desk.questions.map((question, at) => ({ ...question, field: `answer${at + 1}` })),
  }),
  read: async (desk, body) => {
    const sent = body && typeof body === 'object' ? (body as Record<string, unknown>) : {}
    const faults: { [field: string]: string } = {}
    const answers: Answers = {}
    desk.questions.forEach((question, at) => {
      const field = `answer${at + 1}`
      const given = sent[field]
      const text = clean(typeof given === 'string' ? given : '')
      const count = text.length > question.mostCharacters * 8 ? text.length : countCharacters(text)
      if (count > question.mostCharacters)
        faults[field] = `Your answer must be ${question.mostCharacters} characters or fewer: it is ${count}`
      if (text) answers[question.id] = text
    })
    if (Object.keys(faults).length) return refuse(faults)
    const seen = Object.values(answers).flatMap(sensitiveIn)
    const before = Object.values(await ownAnswers(desk)).join('\n')
    const isNew = seen.length > 0 && before !== Object.values(answers).join('\n')
    return {
      ok: true,
      values: { answers: Object.keys(answers).length ? answersValue.write(answers) : undefined },
      markedSpecial: isMarked(Object.values(answers)),
      ...(isNew ? { detour: '/apply/skills/think' } : {}),
    }
  },
  summary: async desk => {
    const held = await ownAnswers(desk)
    return desk.questions.map(question => ({ key: question.title, value: held[question.id] ?? '' }))
  },
})

/** The answers given so far, by question id. */
export async function ownAnswers(desk: Desk): Promise<Answers> {
  return answersValue.read((await recallOwn(desk, ['answers'])).answers) ?? {}
}
