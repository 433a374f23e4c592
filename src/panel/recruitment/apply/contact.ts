import { z } from 'zod'
import { clean, email, phone, postcode, prose, type Refusal, read, refuse } from '#src/platform/web/form.ts'
import { channels, codesOf, itemsOf, wordsOf } from '../options.ts'
import { addressValue } from '../values.ts'
import { recallOwn } from './own.ts'
import { page, type Taken } from './page.ts'

export const contactForm = z.object({
  channel: z.enum(codesOf(channels), 'Select how you want to hear from us'),
  email: prose('Email address', 254),
  phone: prose('Phone number', 40),
  address: prose('Address', 300),
  postcode: prose('Postcode', 12),
})

export const contact = page({
  path: 'contact',
  title: 'How can we reach you?',
  template: 'contact',
  recall: async desk => {
    const held = await recallOwn(desk, ['email', 'phone', 'address', 'channel'])
    const address = addressValue.read(held.address)
    return {
      channel: held.channel,
      email: held.email,
      phone: held.phone,
      address: address?.lines.join('\n'),
      postcode: address?.postcode,
    }
  },
  view: async (_desk, form) => ({ channels: itemsOf(channels, String(form.channel ?? '')) }),
  read: async (_desk, body) => readContact(body),
  summary: async desk => {
    const held = await recallOwn(desk, ['email', 'phone', 'address', 'channel'])
    const address = addressValue.read(held.address)
    return [
      { key: 'How we reach you', value: wordsOf(channels, held.channel) },
      ...(held.email ? [{ key: 'Email address', value: held.email }] : []),
      ...(held.phone ? [{ key: 'Phone number', value: held.phone }] : []),
      ...(address ? [{ key: 'Postal address', value: [...address.lines, address.postcode].join(', ') }] : []),
    ]
  },
})

/** Reads how someone is reached: what the chosen channel needs must be there, and what is there must be right. */
export function readContact(body: unknown): Taken | Refusal {
  const form = read(contactForm, body)
  if (!form.ok) return form
  const { answer } = form
  const faults: { [field: string]: string } = {}
  const check = (
    field: 'email' | 'phone' | 'postcode',
    schema: z.ZodType<string>,
    needed: boolean,
  ): string | undefined => {
    if (!answer[field] && !needed) return undefined
    const read = schema.safeParse(answer[field])
    if (read.success) return read.data
    faults[field] = read.error.issues[0]?.message ?? ''
    return undefined
  }
  const byPost = answer.channel === 'post'
  const written = {
    email: check('email', email, answer.channel === 'email'),
    phone: check('phone', phone, answer.channel === 'phone'),
    postcode: check('postcode', postcode, byPost || answer.address !== ''),
  }
  const lines = clean(answer.address)
    .split('\n')
    .map(text => text.trim())
    .filter(Boolean)
  if (byPost && !lines.length) faults.address = 'Enter your address'
  if (lines.length > 5) faults.address = 'Address must be 5 lines or fewer'
  if (Object.keys(faults).length) return refuse(faults)
  const address =
    lines.length && written.postcode ? addressValue.write({ lines, postcode: written.postcode }) : undefined
  return { ok: true, values: { channel: answer.channel, email: written.email, phone: written.phone, address } }
}
