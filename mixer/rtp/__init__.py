"""What one SSRC is worth of state: reception, retransmission, reports."""
