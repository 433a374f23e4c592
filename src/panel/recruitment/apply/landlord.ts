import { z } from 'zod'
import { line, read } from '#src/platform/web/form.ts'
import { findLandlords, landlordNamed } from '../landlords/landlords.ts'
import { codesOf, itemsOf, tenancies, wordsOf } from '../options.ts'
import { recallOwn } from './own.ts'
import { page } from './page.ts'

const NOT_LISTED = 'not-listed'

export const landlordForm = z.object({
  tenancy: z.enum(codesOf(tenancies), 'Select how you rent or own your home'),
  landlord: line('Enter the name of your landlord', 'Name of your landlord', 150),
  found: z.string().default(''),
})

export const landlord = page({
  path: 'landlord',
  title: 'Your landlord and your home',
  template: 'landlord',
  recall: async desk => recallOwn(desk, ['landlord', 'tenancy']),
  view: async (_desk, form) => ({ tenancies: itemsOf(tenancies, String(form.tenancy ?? '')) }),
  read: async (desk, body) => {
    const form = read(landlordForm, body)
    if (!form.ok) return form
    const { tenancy, landlord: typed, found } = form.answer
    const values = (name: string) => ({ tenancy, landlord: name })
    if (found === NOT_LISTED) return { ok: true, values: values(typed), landlordUnlisted: true }
    const exact = (await landlordNamed(desk.tx, found)) ?? (await landlordNamed(desk.tx, typed))
    if (exact) return { ok: true, values: values(exact), landlordUnlisted: false }
    const matches = await findLandlords(desk.tx, typed)
    return {
      ok: 'again',
      view: {
        values: form.answer,
        found: [
          ...matches.map(name => ({ value: name, text: name })),
          ...(matches.length ? [{ divider: 'or' }] : []),
          { value: NOT_LISTED, text: `My landlord is not in this list: it is ${typed}` },
        ],
      },
    }
  },
  summary: async desk => {
    const held = await recallOwn(desk, ['landlord', 'tenancy'])
    return [
      { key: 'Landlord', value: held.landlord ?? '' },
      { key: 'How you rent or own your home', value: wordsOf(tenancies, held.tenancy) },
    ]
  },
})
