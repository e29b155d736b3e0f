import { describeCampaign } from './campaign.js';

describeCampaign('fastify');
