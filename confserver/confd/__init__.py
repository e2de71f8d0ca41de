"""Meetings seen through the window of an open telephony platform: its addresses, its words, our machine behind them."""
