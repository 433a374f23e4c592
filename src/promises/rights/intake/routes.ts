import type { FastifyInstance, FastifyReply } from 'fastify'
import { forbidden } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import type { House } from '../../house.ts'
import type { WriteToRequester } from '../cases.ts'
import { may } from '../permissions.ts'
import { receive } from './receive.ts'

const dpo = { config: { may: may.handleCases } }
const path = '/staff/protection/cases/received'

/** A received e-mail (.eml) becomes a case: it counts from the day on which it was sent to us. */
export async function intakeRoutes(app: FastifyInstance, house: House, write: WriteToRequester): Promise<void> {
  const show = (reply: FastifyReply, more: object = {}) =>
    reply.page('promises/rights/intake/upload.njk', {
      title: 'Take a received email',
      crumbs: [
        { text: 'Protection', href: '/staff/protection' },
        { text: 'Requests and complaints', href: '/staff/protection/cases' },
      ],
      ...more,
    })
  app.get(path, dpo, (_request, reply) => show(reply))
  app.post(path, dpo, async (request, reply) => {
    const by = request.actor
    if (!by) throw forbidden()
    const { body } = request
    const file = body && typeof body === 'object' && 'mail' in body ? body.mail : undefined
    if (!Buffer.isBuffer(file) || !file.length) return show(reply.code(422), refuse({ mail: 'Select an .eml file' }))
    const taken = await receive(house, by, file, { enteredBy: by.id }, write)
    if (typeof taken === 'string') return show(reply.code(422), refuse({ mail: taken }))
    return reply.redirect(`/staff/protection/cases/${taken.id}`, 303)
  })
}
