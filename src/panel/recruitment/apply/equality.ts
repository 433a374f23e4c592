import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { read } from '#src/platform/web/form.ts'
import { codesOf, ethnicGroups, itemsOf } from '../options.ts'

/** Where the equality question is asked: after an application is sent, and once more of a new member. */
export interface EqualityPlace<Desk> {
  /** What its addresses begin with. */
  base: string
  title: string
  hint: string
  /** Where someone goes on to, whether they answered or not. */
  after: string
  may: string
  /** One transaction for whoever asks; what is shown comes after it. */
  at(request: FastifyRequest, reply: FastifyReply, work: (desk: Desk) => Promise<() => unknown>): Promise<unknown>
  isAsked(desk: Desk): Promise<boolean>
  save(desk: Desk, ethnicity: string): Promise<void>
  /** Someone chose not to answer. */
  skip?(desk: Desk): Promise<void>
}

const wants = z.object({ answer: z.enum(['yes', 'no'], 'Select whether you want to answer the equality question') })
const groupForm = z.object({
  group: z.enum([...codesOf(ethnicGroups), 'not-said'], 'Select an ethnic group or ‘Prefer not to say’'),
})
const groupWords = Object.fromEntries(Object.entries(ethnicGroups).map(([code, { label }]) => [code, label]))
const notSaid = { divider: 'or' } as const

/**
 * The equality question: an explainer, then the harmonised question in two steps. It can be skipped whole; it is counted
 * in groups and seen by nobody.
 */
export async function equalityRoutes<Desk>(app: FastifyInstance, place: EqualityPlace<Desk>): Promise<void> {
  const { base, title, hint, after } = place
  const resident = { config: { may: place.may } }
  const explainer = { title, hint }
  /** The question's pages; who is not asked, because the law's conditions are not met, goes on. */
  const asked = (request: FastifyRequest, reply: FastifyReply, work: (desk: Desk) => Promise<() => unknown>) =>
    place.at(request, reply, async desk =>
      (await place.isAsked(desk)) ? work(desk) : () => reply.redirect(after, 303),
    )
  const explain = (reply: FastifyReply, more: object = {}) =>
    reply.page('panel/recruitment/apply/equality.njk', { ...explainer, ...more })
  const question = (reply: FastifyReply, shown: object) => reply.page('panel/recruitment/apply/ethnicity.njk', shown)

  app.get(`${base}/equality`, resident, (request, reply) => asked(request, reply, async () => () => explain(reply)))
  app.post(`${base}/equality`, resident, (request, reply) =>
    asked(request, reply, async desk => {
      const form = read(wants, request.body)
      if (!form.ok) return () => explain(reply.code(422), form)
      if (form.answer.answer === 'yes') return () => reply.redirect(`${base}/ethnicity`, 303)
      await place.skip?.(desk)
      return () => reply.redirect(after, 303)
    }),
  )

  const groups = (more: object) => ({
    title: 'What is your ethnic group?',
    field: 'group',
    items: [...itemsOf(groupWords), notSaid, { value: 'not-said', text: 'Prefer not to say' }],
    back: `${base}/equality`,
    ...more,
  })
  app.get(`${base}/ethnicity`, resident, (request, reply) =>
    asked(request, reply, async () => () => question(reply, groups({}))),
  )
  app.post(`${base}/ethnicity`, resident, (request, reply) =>
    asked(request, reply, async desk => {
      const form = read(groupForm, request.body)
      if (!form.ok) return () => question(reply.code(422), groups(form))
      const { group } = form.answer
      await place.save(desk, group)
      return () => reply.redirect(group === 'not-said' ? after : `${base}/ethnicity/${group}`, 303)
    }),
  )
  for (const code of codesOf(ethnicGroups)) {
    const group = ethnicGroups[code]
    const backgrounds: Record<string, string> = group.backgrounds
    const form = z.object({
      background: z.enum([...codesOf(backgrounds), 'not-said'], 'Select a background or ‘Prefer not to say’'),
    })
    const shown = (more: object) => ({
      title: group.question,
      field: 'background',
      items: [...itemsOf(backgrounds), notSaid, { value: 'not-said', text: 'Prefer not to say' }],
      back: `${base}/ethnicity`,
      ...more,
    })
    app.get(`${base}/ethnicity/${code}`, resident, (request, reply) =>
      asked(request, reply, async () => () => question(reply, shown({}))),
    )
    app.post(`${base}/ethnicity/${code}`, resident, (request, reply) =>
      asked(request, reply, async desk => {
        const sent = read(form, request.body)
        if (!sent.ok) return () => question(reply.code(422), shown(sent))
        const { background } = sent.answer
        await place.save(desk, background === 'not-said' ? `${code}-not-said` : background)
        return () => reply.redirect(after, 303)
      }),
    )
  }
}
