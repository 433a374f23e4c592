import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { unprocessable } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { may } from '../permissions.ts'
import { atDesk, fieldsOf, textOf } from '../rounds/desk.ts'
import { countLandlords, findLandlords, landlordNames, replaceLandlords } from './landlords.ts'
import { readLandlords } from './upload.ts'

const officer = { config: { may: may.runRounds } }
const crumbs = [{ text: 'Rounds', href: '/staff/rounds' }]
const title = 'Member landlords'
const list = z.array(z.string().min(1).max(150)).min(1).max(50_000)

/** The list of member landlords: looked through, and replaced from a CSV file after a preview. */
export async function landlordRoutes(app: FastifyInstance, house: House): Promise<void> {
  const view = 'panel/recruitment/landlords/landlords.njk'

  app.get('/staff/rounds/landlords', officer, async (request, reply) => {
    const fields = fieldsOf(request.query)
    const typed = textOf(fields, 'find')
    const { count, found } = await atDesk(house, request, async tx => ({
      count: await countLandlords(tx),
      found: typed ? await findLandlords(tx, typed) : [],
    }))
    const notice = 'replaced' in fields ? `The list now holds ${count} landlords.` : undefined
    return reply.page(view, { title, crumbs, count, typed, found, notice })
  })

  app.post('/staff/rounds/landlords', officer, async (request, reply) => {
    const sent = fieldsOf(request.body).list
    const file = Buffer.isBuffer(sent) && sent.length ? await readLandlords(sent) : 'Select a CSV file'
    const why = typeof file !== 'string' && !file.names.length ? 'The file holds no landlords' : file
    const present = await atDesk(house, request, tx => landlordNames(tx))
    if (typeof why === 'string')
      return reply
        .code(422)
        .page(view, { title, crumbs, count: present.length, typed: '', found: [], ...refuse({ list: why }) })
    const before = new Set(present)
    const after = new Set(why.names)
    return reply.page('panel/recruitment/landlords/preview.njk', {
      title: 'Check the new list',
      crumbs: [...crumbs, { text: title, href: '/staff/rounds/landlords' }],
      names: JSON.stringify(why.names),
      count: why.names.length,
      faults: why.faults.slice(0, 200),
      faultCount: why.faults.length,
      added: why.names.filter(name => !before.has(name)),
      gone: present.filter(name => !after.has(name)),
    })
  })

  app.post('/staff/rounds/landlords/replacement', officer, async (request, reply) => {
    const names = list.safeParse(jsonOf(textOf(fieldsOf(request.body), 'names')))
    if (!names.success) throw unprocessable('The list did not arrive whole: upload it again.')
    await atDesk(house, request, (tx, by) => replaceLandlords(tx, house, by, [...new Set(names.data)]))
    return reply.redirect('/staff/rounds/landlords?replaced', 303)
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
