-- The topic of an agent's message is agents/ID; it was the agent's id.
update log_event set topic = 'agents/' || topic where topic is not null;
