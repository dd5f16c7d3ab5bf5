"""The AWS half of the demo estate: an organisation of four accounts, its CUR 2.0 export, its metrics and its inventory. No GCP here."""
