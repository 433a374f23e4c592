import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { notFound } from '#src/platform/web/errors.ts'
import { clean } from '#src/platform/web/form.ts'
import { atDesk, casesPath } from '../rights/desk.ts'
import { agree, approve, decideAgain, sendBack } from './decide.ts'
import { attempt, type ById, checkId, type Desk, desk, dpo, prose5000 } from './desk.ts'
import { inHand, NotYet, step } from './disclosure.ts'
import { ownRequest, putRight, takenBack } from './ending.ts'
import { linkAgain, release } from './release.ts'
import { letPersonSee } from './weigh.ts'
import { whoseRecord } from './whose.ts'

const form = z.object({
  act: z.string().catch(''),
  why: prose5000,
  again: prose5000,
  takenBack: prose5000,
  putRight: prose5000,
  secondChannel: prose5000,
  as: z.string().catch(''),
  address: z.string().transform(clean).catch(''),
  record: z.string().optional().catch(undefined),
})
type Fields = z.output<typeof form>

/** The steps of a request that one press or one sentence makes. */
export async function stepRoutes(app: FastifyInstance, { house, write, show }: Desk): Promise<void> {
  app.get<ById>(`${desk}/:id`, dpo, (request, reply) => show(request, reply, request.params.id))

  app.post<ById>(`${desk}/:id`, dpo, async (request, reply) => {
    const { id } = request.params
    checkId(id)
    const fields = form.parse(request.body ?? {})
    const again = (more: object) => show(request, reply.code(422), id, { values: request.body, ...more })
    if (fields.act === 'find') {
      const found = await attempt(() => find(request, id, fields), again)
      if (!found) return reply
      return found.refusal ? again(found.refusal) : reply.redirect(`${desk}/${id}`, 303)
    }
    const done = await attempt(() => act(request, id, fields), again)
    if (!done) return reply
    if ('made' in done) {
      const { token, code } = done.made
      return show(request, reply, id, { link: `${house.config.baseUrl}/extract/${token}`, code })
    }
    return reply.redirect(done.to, 303)
  })

  const act = (request: FastifyRequest, id: string, fields: Fields) =>
    atDesk(house, request, async (tx, by): Promise<{ to: string } | { made: { token: string; code: string } }> => {
      switch (fields.act) {
        case 'approve':
          await approve(tx, house, by, id)
          break
        case 'agree':
          await agree(tx, house, by, id)
          break
        case 'send back':
          await sendBack(tx, house, by, id, fields.why)
          break
        case 'again':
          await decideAgain(tx, house, by, id, fields.again)
          break
        case 'taken back':
          await takenBack(tx, house, by, id, fields.takenBack)
          break
        case 'put right':
          await putRight(tx, house, by, id, fields.putRight)
          break
        case 'show':
          await letPersonSee(tx, house, by, id)
          break
        case 'make':
          return { made: await release(tx, house, by, id, fields.secondChannel) }
        case 'link':
          return { made: await linkAgain(tx, house, by, id, fields.secondChannel) }
        case 'own':
          return { to: `${casesPath}/${await ownRequest(tx, house, by, id, fields.as, write)}` }
        default:
          throw notFound()
      }
      return { to: `${desk}/${id}` }
    })

  /** Finds the record that was not found when the request came. */
  const find = (request: FastifyRequest, id: string, { address, record }: Fields): Promise<{ refusal?: object }> =>
    atDesk(house, request, async (tx, by) => {
      const one = await inHand(tx, id)
      if (one.subject) throw new NotYet('The record was found already')
      if (one.decision) throw new NotYet('It is decided already: take the decision back first')
      const found = await whoseRecord(tx, house, by, address, record)
      if ('refusal' in found) return found
      await step(tx, house, by, id, 'record found', { subject: found.subject })
      return {}
    })
}
