'use strict'
// Fastify and pg on the tables of the service: the same follow-ups, the same rows read for rights, one process a core.
// No trail, no versions checked; who calls is believed.
const cluster = require('node:cluster')
if (cluster.isPrimary) { for (let n = 0; n < 2; n++) cluster.fork(); return }
const { randomUUID } = require('node:crypto')
const { Pool, types } = require('pg')
types.setTypeParser(1082, text => text)
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const app = require('fastify')()

const COLUMNS = 'id, version, created_at, updated_at, booklet_id, contacted_on, contact_mode, direction, comment, duration_minutes, author_id'
const LIVE = `EXISTS (SELECT 1 FROM sessions INNER JOIN users ON users.id = sessions.user_id WHERE sessions.id = $1
  AND sessions.revoked_at IS NULL AND sessions.expires_at > now() AND users.id = $2 AND users.state = 'active' AND users.organization_id = $3)`
const REACHED = `booklet_id IN (SELECT booklet_id FROM booklet_members WHERE user_id = $2 AND kind IN ('tutor', 'substitute', 'observer')
  AND starts_on <= CURRENT_DATE AND (ends_on IS NULL OR ends_on > CURRENT_DATE)) AND organization_id = $3`
const caller = request => request.headers['x-caller'].split(',')
const string = { type: 'string' }
const integer = { type: ['integer', 'null'] }
const row = {
  type: 'object',
  properties: {
    id: string, version: integer, created_at: { type: 'string', format: 'date-time' }, updated_at: { type: 'string', format: 'date-time' },
    booklet_id: string, contacted_on: string, contact_mode: string, direction: string, comment: string, duration_minutes: integer, author_id: string
  }
}
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['contacted_on', 'contact_mode', 'comment'],
  properties: { contacted_on: { type: 'string', format: 'date' }, contact_mode: { enum: ['phone', 'email', 'sms'] }, comment: { type: 'string', maxLength: 4000 } }
}
const page = { type: 'object', properties: { items: { type: 'array', items: row }, is_more: { type: 'boolean' } } }

app.get('/v1/follow-ups/:id', { schema: { response: { 200: row } } }, async (request, reply) => {
  const { rows } = await pool.query({
    name: 'one', text: `SELECT ${COLUMNS} FROM follow_ups WHERE id = $4 AND ${REACHED} AND ${LIVE}`, values: [...caller(request), request.params.id]
  })
  if (!rows.length) return reply.code(404).send()
  return reply.header('etag', `"${rows[0].version}"`).send(rows[0])
})

app.get('/v1/booklets/:id/follow-ups', { schema: { response: { 200: page } } }, async request => {
  const { rows } = await pool.query({
    name: 'page',
    text: `SELECT ${COLUMNS} FROM follow_ups WHERE booklet_id = $4 AND ${REACHED} AND ${LIVE} ORDER BY created_at DESC, id DESC LIMIT 21`,
    values: [...caller(request), request.params.id]
  })
  return { items: rows.slice(0, 20), is_more: rows.length > 20 }
})

app.post('/v1/booklets/:id/follow-ups', { schema: { body, response: { 201: row } } }, async (request, reply) => {
  const [session, user, organization] = caller(request)
  const [booklet, id, now] = [request.params.id, randomUUID(), new Date()]
  const { contacted_on: on, contact_mode: mode, comment } = request.body
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query({ name: 'lock', text: 'SELECT id FROM booklets WHERE id = $1 AND organization_id = $2 FOR NO KEY UPDATE', values: [booklet, organization] })
    const reached = await client.query({
      name: 'booklet', text: `SELECT * FROM booklets WHERE id = $4 AND ${REACHED.replace('booklet_id IN', 'id IN')} AND ${LIVE}`, values: [session, user, organization, booklet]
    })
    if (!reached.rows.length) { await client.query('ROLLBACK'); return reply.code(404).send() }
    const { rows } = await client.query({
      name: 'insert',
      text: `INSERT INTO follow_ups (id, organization_id, booklet_id, contacted_on, contact_mode, direction, comment, author_id, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 'out', $6, $7, 1, $8, $8) RETURNING ${COLUMNS}`,
      values: [id, organization, booklet, on, mode, comment, user, now]
    })
    await client.query({
      name: 'event',
      text: `INSERT INTO events (organization_id, at, actor_id, actor_role, kind, resource, resource_id, booklet_id, version, changed, request_id)
        VALUES ($1, $2, $3, 'tutor', 'follow_up.created', 'follow_up', $4, $5, 1, '[]', $6)`,
      values: [organization, now, user, id, booklet, id]
    })
    await client.query('COMMIT')
    return reply.code(201).header('location', `/v1/follow-ups/${id}`).header('etag', '"1"').send(rows[0])
  } finally {
    client.release()
  }
})

const change = { type: 'object', additionalProperties: false, required: ['comment'], properties: { comment: { type: 'string', maxLength: 4000 } } }
app.addContentTypeParser('application/merge-patch+json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
app.patch('/v1/follow-ups/:id', { schema: { body: change, response: { 200: row } } }, async (request, reply) => {
  const [session, user, organization] = caller(request)
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query({
      name: 'lock page',
      text: 'SELECT id FROM booklets WHERE id = (SELECT booklet_id FROM follow_ups WHERE id = $1 AND organization_id = $2) FOR NO KEY UPDATE',
      values: [request.params.id, organization]
    })
    const before = await client.query({
      name: 'one', text: `SELECT ${COLUMNS} FROM follow_ups WHERE id = $4 AND ${REACHED} AND ${LIVE}`, values: [session, user, organization, request.params.id]
    })
    if (!before.rows.length) { await client.query('ROLLBACK'); return reply.code(404).send() }
    const { rows } = await client.query({
      name: 'update',
      text: `UPDATE follow_ups SET comment = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
      values: [request.params.id, before.rows[0].version, request.body.comment, new Date()]
    })
    await client.query({
      name: 'event updated',
      text: `INSERT INTO events (organization_id, at, actor_id, actor_role, kind, resource, resource_id, booklet_id, version, changed, request_id)
        VALUES ($1, $2, $3, 'tutor', 'follow_up.updated', 'follow_up', $4, $5, $6, '[]', $7)`,
      values: [organization, rows[0].updated_at, user, rows[0].id, rows[0].booklet_id, rows[0].version, rows[0].id]
    })
    await client.query('COMMIT')
    return reply.header('etag', `"${rows[0].version}"`).send(rows[0])
  } finally {
    client.release()
  }
})

app.listen({ host: '127.0.0.1', port: +process.env.PORT })
