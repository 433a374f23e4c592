import type { FastifyInstance } from 'fastify'

const words = 'Practice: invented people. Nothing in this file is real.'

/** Every file that is taken in a practice says so in its name, and in its first line where it is one of lines. */
export function markFiles(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const disposition = reply.getHeader('content-disposition')
    if (!request.practice || typeof disposition !== 'string') return payload
    reply.header('content-disposition', disposition.replace('filename="', 'filename="PRACTICE-'))
    const isLines = /^text\/(csv|plain)/.test(String(reply.getHeader('content-type')))
    if (!isLines || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload
    const text = String(payload)
    const marked = text.startsWith('\uFEFF') ? `\uFEFF${words}\r\n${text.slice(1)}` : `${words}\n${text}`
    reply.removeHeader('content-length')
    return marked
  })
}
