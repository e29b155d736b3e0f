import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createApp } from './support/create-app';

describe('The application', () => {
  let app: NestExpressApplication;

  beforeAll(async () => {
    app = await createApp();
  });
  afterAll(() => app.close());

  const browser = () => request.agent(app.getHttpServer());
  const signIn = (agent: ReturnType<typeof browser>, credentials = alice, returnTo = '/api/auth/me') =>
    agent
      .post('/api/auth/login')
      .type('form')
      .send({ ...credentials, returnTo });
  const alice = { email: 'alice@example.com', password: 'wonderland' };
  const bob = { email: 'bob@example.com', password: 'builder' };

  it('shows a login page that carries the way back', async () => {
    const { text } = await browser().get('/api/auth/login').query({ returnTo: '/a?b="c' }).expect(200);
    expect(text).toContain('name="returnTo" value="/a?b=&#34;c"');
  });

  it('signs in with the right password and goes back', async () => {
    const agent = browser();
    await signIn(agent).expect(303).expect('Location', '/api/auth/me');
    const { body } = await agent.get('/api/auth/me').expect(200);
    expect(body).toEqual({ id: expect.any(String), email: 'alice@example.com', name: 'Alice' });
  });

  it.each([
    { ...alice, password: 'builder' },
    { email: 'nobody@example.com', password: 'wonderland' },
  ])('shows the login page again to $email with $password', async (credentials) => {
    const { text } = await signIn(browser(), credentials).expect(401);
    expect(text).toContain('The email address or the password is wrong.');
    expect(text).toContain('name="returnTo" value="/api/auth/me"');
  });

  it('gives the browser a new session at login', async () => {
    const agent = browser();
    const first = await signIn(agent);
    const second = await signIn(agent, bob);
    const sid = (response: request.Response) => String(response.headers['set-cookie']).split(';')[0];
    expect(sid(first)).toMatch(/^sid=./);
    expect(sid(second)).toMatch(/^sid=./);
    expect(sid(second)).not.toBe(sid(first));
  });

  it('keeps its cookie from scripts and from the forms of other sites', async () => {
    const { headers } = await signIn(browser());
    expect(String(headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Lax/);
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example'])(
    'never goes back to %s',
    async (returnTo) => {
      await signIn(browser(), alice, returnTo).expect(303).expect('Location', '/api/tasks');
    },
  );

  it("signs nobody in from another site's form", async () => {
    await signIn(browser()).set('Origin', 'https://evil.example').expect(403);
  });

  it('signs out', async () => {
    const agent = browser();
    await signIn(agent);
    await agent.post('/api/auth/logout').expect(303);
    await agent.get('/api/auth/me').expect(401);
  });

  it('shows everybody their own tasks', async () => {
    const [hers, his] = [browser(), browser()];
    await signIn(hers);
    await signIn(his, bob);
    const { body: task } = await hers.post('/api/tasks').send({ title: 'Follow the rabbit' }).expect(201);
    await his.post(`/api/tasks/${task.id}/complete`).expect(404);
    await hers.post(`/api/tasks/${task.id}/complete`).expect(204);
    expect((await hers.get('/api/tasks')).body).toMatchObject([{ title: 'Follow the rabbit', done: true }]);
    expect((await his.get('/api/tasks')).body).toEqual([]);
  });

  it('has no tasks for a browser that is not signed in', async () => {
    await browser().get('/api/tasks').expect(401);
  });
});
