import type { FastifyInstance } from 'fastify'
import type { House } from '../house.ts'
import { everyField } from '../notice/datamap.ts'
import { view } from './desk.ts'
import { copyShape, csvMetadata, jsonSchema, schemaPaths, tableColumns } from './shape.ts'

/** What is in a copy of someone's data, for people and for programs: public, since it tells of nobody. */
export async function schemaRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: 'anyone' } }
  app.get(schemaPaths.page, anyone, async (_request, reply) =>
    reply.page(view('schema'), {
      title: 'What is in a copy of your data',
      paths: schemaPaths,
      parts: Object.entries(copyShape.shape).map(([name, part]) => ({ name, says: part.description })),
      fields: everyField().flatMap(({ kind, field, rule }) =>
        kind === 'panel' && rule.purposes.includes('exercise rights') ? [{ name: field, says: rule.says }] : [],
      ),
      columns: tableColumns.map(([name, says]) => ({ name, says })),
    }),
  )
  app.get(schemaPaths.json, anyone, async (_request, reply) =>
    reply.type('application/schema+json').send(JSON.stringify(jsonSchema(house.config.baseUrl), null, 1)),
  )
  app.get(schemaPaths.csv, anyone, async (_request, reply) =>
    reply.type('application/csvm+json').send(JSON.stringify(csvMetadata(), null, 1)),
  )
}
