import { describeCampaign } from './campaign.js';

describeCampaign('express');
