import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { londonDate } from '#src/platform/calendar/london.ts'
import { read } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { saveAnswers } from '../application.ts'
import { codesOf, ethnicGroups, itemsOf } from '../options.ts'
import { atDesk } from './desk.ts'

const wants = z.object({ answer: z.enum(['yes', 'no'], 'Select whether you want to answer the equality question') })
const groupForm = z.object({
  group: z.enum([...codesOf(ethnicGroups), 'not-said'], 'Select an ethnic group or ‘Prefer not to say’'),
})
const groupWords = Object.fromEntries(Object.entries(ethnicGroups).map(([code, { label }]) => [code, label]))
const notSaid = { divider: 'or' } as const

/**
 * The equality question, after the application is sent: an explainer, then the harmonised question in two steps. It can
 * be skipped whole; it is counted in groups and seen by nobody.
 */
export async function equalityRoutes(app: FastifyInstance, house: House): Promise<void> {
  const resident = { config: { may: 'resident' } }

  app.get('/apply/equality', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const gate = await gateOn(desk.tx, londonDate(house.clock.now()))
      if (!gate.ethnicity) return () => reply.redirect('/apply/sent', 303)
      return () => reply.page('panel/recruitment/apply/equality.njk', { title: 'We have received your application' })
    }),
  )
  app.post('/apply/equality', resident, async (request, reply) => {
    const form = read(wants, request.body)
    if (!form.ok)
      return reply
        .code(422)
        .page('panel/recruitment/apply/equality.njk', { title: 'We have received your application', ...form })
    return reply.redirect(form.answer.answer === 'yes' ? '/apply/ethnicity' : '/apply/sent', 303)
  })

  app.get('/apply/ethnicity', resident, (request, reply) =>
    atDesk(house, request, reply, async () => () => reply.page('panel/recruitment/apply/ethnicity.njk', groupPage({}))),
  )
  app.post('/apply/ethnicity', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const form = read(groupForm, request.body)
      if (!form.ok) return () => reply.code(422).page('panel/recruitment/apply/ethnicity.njk', groupPage(form))
      const { group } = form.answer
      await saveAnswers(desk.tx, house, desk.by, desk.application, 'ethnicity', { ethnicity: group })
      return () => reply.redirect(group === 'not-said' ? '/apply/sent' : `/apply/ethnicity/${group}`, 303)
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
      back: '/apply/ethnicity',
      ...more,
    })
    app.get(`/apply/ethnicity/${code}`, resident, (request, reply) =>
      atDesk(house, request, reply, async () => () => reply.page('panel/recruitment/apply/ethnicity.njk', shown({}))),
    )
    app.post(`/apply/ethnicity/${code}`, resident, (request, reply) =>
      atDesk(house, request, reply, async desk => {
        const sent = read(form, request.body)
        if (!sent.ok) return () => reply.code(422).page('panel/recruitment/apply/ethnicity.njk', shown(sent))
        const { background } = sent.answer
        const says = background === 'not-said' ? `${code}-not-said` : background
        await saveAnswers(desk.tx, house, desk.by, desk.application, 'ethnicity', { ethnicity: says })
        return () => reply.redirect('/apply/sent', 303)
      }),
    )
  }
}

function groupPage(more: object) {
  return {
    title: 'What is your ethnic group?',
    field: 'group',
    items: [...itemsOf(groupWords), notSaid, { value: 'not-said', text: 'Prefer not to say' }],
    back: '/apply/equality',
    ...more,
  }
}
