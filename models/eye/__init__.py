"""Train, quantise and judge the network that reads expressions; nothing here runs on the box."""
